import { dirname } from "node:path";
import { otherFormat } from "./resume/check-folder.ts";
import { openJournal } from "./journal/journal.ts";
import { notedPlaces } from "./journal/noted-places.ts";
import { exportRun } from "./output/export-run.ts";
import { makeOutput } from "./output/make-output.ts";
import { recordCount } from "./output/ordered-records.ts";
import { jsonLines, outputKind, usualFormat } from "./output/output-kind.ts";
import { type OutputPaths, pathsOf } from "./paths.ts";
import { readManifest } from "./resume/manifest.ts";
import { RunError, unwritable } from "./run-error.ts";
import type { RunFolder } from "./run-folder.ts";
import { hasRecords } from "./earlier/run-handle.ts";
import type { RunSetting } from "./run-setting.ts";
import type { RowIndex } from "./source/row-index.ts";
import type { Source } from "./source/source.ts";

/** What has been recorded, and of what. */
export interface Recorded {
  readonly paths: OutputPaths;
  readonly folder: RunFolder;
  readonly source: Source;
  readonly index: RowIndex;
  /** How many rows have been answered. */
  readonly answered: number;
  /** Whether every row has its outcome. */
  readonly finished: boolean;
}

/** Refuses an output that is made of records when there is a file that was made of none. @throws RunError */
export const checkProduct = async ({ fs, options }: RunSetting, { output, truth }: OutputPaths): Promise<void> => {
  if (truth === output || options.fresh === true) return;
  if ((await fs.stat(output)) === undefined || (await fs.stat(truth)) !== undefined) return;
  const isTruth = pathsOf(output, "openai").truth === output;
  if (isTruth && (await hasRecords(fs, output))) throw otherFormat(output, "openai");
  throw new RunError(`cannot write ${output}: it exists and is not the output of a run`, {
    notes: [
      "nothing was changed in it, and nothing was sent",
      "next  choose another output with -o, or keep it under another name with --fresh",
    ],
  });
};

/**
 * Makes the output of what has been recorded. Records in the output itself are put in order only when nothing is to be
 * added to them; an output that is made of them shows how far the run has come.
 *
 * @throws RunError when it cannot be written: what was recorded stays
 */
export const finishOutput = async (setting: RunSetting, recorded: Recorded): Promise<void> => {
  const { options, control, fs } = setting;
  const { paths, folder, source, index, answered, finished } = recorded;
  const { signal, warn } = control;
  if (signal.aborted || (!finished && paths.truth === paths.output)) return;
  try {
    if (options.retryOf?.rows === "errors" && paths.truth !== paths.output)
      return await remakeOutput(setting, recorded);
    const noted = await notedPlaces(fs, folder.journal, index);
    await makeOutput({
      fs,
      paths,
      index,
      // A journal that does not know of every answer is no map of them: the records themselves are.
      ...(recordCount(noted) === answered ? { places: noted } : {}),
      columns: () => source.columns(index.rows, signal),
      format: options.format,
      order: options.order,
      csvBom: options.csvBom,
      beforeMoving: () => noteMoving(setting, folder),
      signal,
      warn,
    });
  } catch (error) {
    // Whoever aborts a run has what was recorded, and not the output that is made of it.
    if (!signal.aborted) throw error;
  }
};

/** The rows that were run again are not all: what was recorded of the others belongs to the output as well. */
const remakeOutput = async ({ options, control, fs }: RunSetting, { paths, folder }: Recorded): Promise<void> => {
  const { output } = paths;
  const manifest = await readManifest(fs, folder.manifest);
  await exportRun({
    fs,
    paths,
    manifest: manifest?.version === 2 ? manifest : undefined,
    folder: dirname(output),
    kind: outputKind(output) ?? jsonLines,
    format: options.format ?? usualFormat(output),
    order: options.order ?? "input",
    csvBom: options.csvBom ?? false,
    to: output,
    signal: control.signal,
    warn: control.warn,
  });
};

/** From now on the journal's places may be wrong. */
const noteMoving = async ({ fs }: RunSetting, { journal: path }: RunFolder): Promise<void> => {
  let failure: unknown;
  const journal = await openJournal(fs, path, (error) => (failure = error));
  try {
    await journal.moved();
  } finally {
    await journal.close();
  }
  if (failure !== undefined) throw unwritable(path, failure, "the run folder must be writable");
};
