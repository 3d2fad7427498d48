import { mkdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { backUp } from "./resume/backup.ts";
import { ErrorGroups } from "./records/error-groups.ts";
import { tidyErrorsFile } from "./records/errors-file.ts";
import { thisProcess } from "./files/lock-owner.ts";
import { lock } from "./files/lock.ts";
import { manifestOf, writeManifest } from "./resume/manifest.ts";
import { leaveInvalid, recordInvalid } from "./invalid-rows.ts";
import { openInput } from "./open-input.ts";
import { openLogs } from "./open-logs.ts";
import { Outcomes } from "./outcomes.ts";
import { checkPaths, type OutputPaths } from "./paths.ts";
import { recordContext } from "./records/record-meta.ts";
import { readProgress, type Progress } from "./resume/resume.ts";
import { systemCode, unwritable } from "./run-error.ts";
import type { RunSetting } from "./run-setting.ts";
import type { RunSummary } from "./run-summary.ts";
import { sendRows } from "./sending/send-rows.ts";
import type { RowIndex } from "./source/row-index.ts";
import type { Source } from "./source/source.ts";
import { spool } from "./files/spool.ts";
import { inputText } from "./source/input-files.ts";
import { summarize, type RunEnd } from "./summarize.ts";

/** Runs a file into a file, continuing what earlier runs of the same output have done. */
export const fileRun = async (setting: RunSetting, paths: OutputPaths): Promise<RunSummary> => {
  const { options, clock, control } = setting;
  await checkPaths(options.input, paths);
  await makeFolder(paths.folder);
  const place: Place = { paths, ...placesIn(paths.folder) };
  const owner = options.owner ?? thisProcess();
  const unlock = await lock({ path: place.lock, owner, clock, warn: control.warn });
  try {
    return summarize(setting, await runLocked(setting, place));
  } finally {
    await rm(place.spool, { force: true });
    await unlock();
    await removeIfEmpty(paths.folder);
  }
};

interface Place {
  readonly paths: OutputPaths;
  readonly lock: string;
  readonly journal: string;
  readonly manifest: string;
  readonly spool: string;
}

const placesIn = (folder: string): Omit<Place, "paths"> => ({
  lock: join(folder, "lock"),
  journal: join(folder, "journal.jsonl"),
  manifest: join(folder, "manifest.json"),
  spool: join(folder, "stdin.spool"),
});

const runLocked = async (setting: RunSetting, place: Place): Promise<RunEnd> => {
  const { options, control } = setting;
  const { paths } = place;
  const source = await openSpooled(setting, place);
  const index = await source.validate(control.preparing);
  if (options.fresh === true) await keepOld(setting, paths);
  const progress = await readProgress({
    paths,
    journal: place.journal,
    index,
    retryErrors: options.retryErrors ?? "retryable",
    signal: control.preparing,
    warn: control.warn,
  });
  leaveInvalid(index, progress, control.warn);
  await remember(setting, place, progress);
  warnOf(setting, progress);
  const resumed = progress.done.count;
  control.emit({
    type: "start",
    rows: index.rows,
    resumed,
    permanentlyFailed: progress.left.count,
    toSend: index.rows - resumed - progress.left.count,
    skippedBlankLines: index.skippedBlankLines,
    format: source.format,
    input: inputText(options.input),
    paths,
  });
  const { outcomes, finished } = await send(setting, place, source, index, progress);
  control.throwIfFailed();
  const groups = new ErrorGroups();
  await tidyErrorsFile({ path: paths.errors, index, done: progress.done, onFailure: (row) => groups.add(row) });
  if (finished) await rm(place.journal, { force: true });
  return { index, progress, resumed, outcomes, groups, finished, paths };
};

const openSpooled = async ({ options, control }: RunSetting, place: Place): Promise<Source> => {
  const { input, stdin } = options;
  if (input !== "-" || stdin === undefined) return openInput(options, input, control.warn);
  await spool(stdin, place.spool, control.preparing);
  return openInput(options, place.spool, control.warn);
};

const keepOld = async ({ control, startedAtWall }: RunSetting, paths: OutputPaths): Promise<void> => {
  try {
    const backups = await backUp(paths, startedAtWall);
    if (backups.length > 0) control.warn(`what earlier runs wrote is kept in ${backups.join(", ")}`);
  } catch (error) {
    throw unwritable(paths.output, error, "the earlier output could not be given another name; nothing was sent");
  }
};

const remember = async (setting: RunSetting, place: Place, progress: Progress): Promise<void> => {
  const { options, output, startedAtWall, control } = setting;
  const { pid } = options.owner ?? thisProcess();
  try {
    const changed = await writeManifest(place.manifest, manifestOf(options, output, startedAtWall, pid));
    if (changed.length === 0 || progress.done.count === 0) return;
    const rows = progress.done.count.toLocaleString("en");
    control.warn(`the ${changed.join(", ")} changed; ${rows} rows keep their earlier answers (--fresh begins anew)`);
  } catch (error) {
    throw unwritable(place.manifest, error, "the run folder must be writable");
  }
};

const warnOf = ({ options, output, control }: RunSetting, { possiblyPaidTwice, strangers }: Progress): void => {
  const count = (rows: number, one: string, many: string): string =>
    rows === 1 ? `1 row ${one}` : `${rows.toLocaleString("en")} rows ${many}`;
  if (strangers > 0 && options.limit === undefined) {
    control.warn(`${output} has answers of ${count(strangers, "that is", "that are")} not in the input; they stay`);
  }
  if (possiblyPaidTwice > 0) {
    const rows = count(possiblyPaidTwice, "was", "were");
    control.warn(`${rows} in flight when the last run ended; sent again, and possibly paid for twice`);
  }
};

const send = async (
  setting: RunSetting,
  place: Place,
  source: Source,
  index: RowIndex,
  progress: Progress,
): Promise<{ outcomes: Outcomes; finished: boolean }> => {
  const { control } = setting;
  const { output, errors, journal, close } = await openLogs(setting, { ...place.paths, journal: place.journal });
  const context = recordContext(setting);
  const outcomes = new Outcomes({
    progress,
    output,
    errors,
    journal,
    context,
    emit: control.emit,
    onStop: control.stop,
  });
  const skip = (row: number): boolean => progress.done.has(row) || progress.left.has(row);
  try {
    await recordInvalid(source.invalidRows(index, control.signal), { log: errors, context, progress });
    const exhausted = await sendRows(setting, source.rows(index, skip, control.signal), outcomes, journal.sent);
    return { outcomes, finished: exhausted && outcomes.undone === 0 };
  } finally {
    await close();
  }
};

const makeFolder = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder);
  } catch (error) {
    if (systemCode(error) === "EEXIST") return;
    throw unwritable(
      folder,
      error,
      "the lock and the journal of the run are kept there; choose another output with -o",
    );
  }
};

/** A run that never began leaves nothing behind. */
const removeIfEmpty = async (folder: string): Promise<void> => {
  try {
    await rmdir(folder);
  } catch {
    // It has something in it, which is the usual case.
  }
};
