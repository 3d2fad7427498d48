import { openJournal } from "./journal/journal.ts";
import { notedPlaces } from "./journal/noted-places.ts";
import { makeOutput } from "./output/make-output.ts";
import type { OutputPaths } from "./paths.ts";
import { unwritable } from "./run-error.ts";
import type { RunFolder } from "./run-folder.ts";
import type { RunSetting } from "./run-setting.ts";
import type { RowIndex } from "./source/row-index.ts";
import type { Source } from "./source/source.ts";

/** What has been recorded, and of what. */
export interface Recorded {
  readonly paths: OutputPaths;
  readonly folder: RunFolder;
  readonly source: Source;
  readonly index: RowIndex;
  /** Whether every row has its outcome. */
  readonly finished: boolean;
}

/**
 * Makes the output of what has been recorded. Records in the output itself are put in order only when nothing is to be
 * added to them; an output that is made of them shows how far the run has come.
 *
 * @throws RunError when it cannot be written: what was recorded stays
 */
export const finishOutput = async (setting: RunSetting, recorded: Recorded): Promise<void> => {
  const { options, control, fs } = setting;
  const { paths, folder, source, index, finished } = recorded;
  const { signal, warn } = control;
  if (signal.aborted || (!finished && paths.truth === paths.output)) return;
  try {
    await makeOutput({
      fs,
      paths,
      index,
      places: await notedPlaces(fs, folder.journal, index),
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
