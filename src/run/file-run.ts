import { backUp } from "./resume/backup.ts";
import { checkProduct, finishOutput } from "./finish-output.ts";
import { ErrorGroups } from "./records/error-groups.ts";
import { tidyErrorsFile } from "./records/errors-file.ts";
import { thisProcess } from "./files/lock-owner.ts";
import { lock } from "./files/lock.ts";
import { type OwnFiles, ownFiles } from "./files/own-files.ts";
import { spool } from "./files/spool.ts";
import { CallBook } from "./journal/call-book.ts";
import { manifestOf, writeManifest } from "./resume/manifest.ts";
import { openInput } from "./open-input.ts";
import { openLogs } from "./open-logs.ts";
import { Outcomes } from "./outcomes.ts";
import { checkPaths, type OutputPaths } from "./paths.ts";
import { recordContext } from "./records/record-meta.ts";
import { readProgress, type Progress } from "./resume/resume.ts";
import { inWords, unwritable } from "./run-error.ts";
import { leaveRunFolder, makeRunFolder, type RunFolder, runFolder } from "./run-folder.ts";
import type { RunSetting } from "./run-setting.ts";
import type { RunSummary } from "./run-summary.ts";
import { sendRows } from "./sending/send-rows.ts";
import type { RowIndex } from "./source/row-index.ts";
import type { Source } from "./source/source.ts";
import { summarize, type RunEnd } from "./summarize.ts";

/** Runs a file into a file, continuing what earlier runs of the same output have done. */
export const fileRun = async (setting: RunSetting, paths: OutputPaths): Promise<RunSummary> => {
  const { options, clock, control, fs } = setting;
  await checkPaths(fs, options.input, paths);
  await checkProduct(setting, paths);
  await makeRunFolder(fs, paths.folder);
  const folder = runFolder(paths.folder);
  const owner = options.owner ?? thisProcess();
  const unlock = await lock({ fs, path: folder.lock, owner, clock, warn: control.warn });
  const own = ownFiles(fs, owner);
  try {
    await own.take(paths.truth);
    return summarize(setting, await runLocked(setting, { paths, folder, own }));
  } catch (error) {
    throw inWords(paths.output, error);
  } finally {
    await own.release();
    await unlock();
    await leaveRunFolder(fs, folder);
  }
};

/** Where a run writes, and what it keeps for itself. */
interface Place {
  readonly paths: OutputPaths;
  readonly folder: RunFolder;
  readonly own: OwnFiles;
}

const runLocked = async (setting: RunSetting, place: Place): Promise<RunEnd> => {
  const { options, control, fs } = setting;
  const { paths, folder } = place;
  const source = await openSpooled(setting, folder);
  const index = await source.validate(control.preparing);
  if (options.fresh === true) await keepOld(setting, paths);
  const progress = await readProgress({
    fs,
    paths,
    journal: folder.journal,
    index,
    retryErrors: options.retryErrors ?? "retryable",
    signal: control.preparing,
    warn: control.warn,
  });
  await remember(setting, folder, progress);
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
    input: options.input,
    paths,
  });
  const { outcomes, finished } = await send(setting, place, source, index, progress);
  control.throwIfFailed();
  const groups = new ErrorGroups();
  const onFailure = groups.add.bind(groups);
  await tidyErrorsFile({ fs, path: paths.errors, index, done: progress.done, onFailure });
  await finishOutput(setting, { paths, folder, source, index, answered: progress.done.count, finished });
  return { index, progress, resumed, outcomes, groups, finished, paths };
};

const openSpooled = async ({ options, control, fs }: RunSetting, folder: RunFolder): Promise<Source> => {
  const { input, stdin } = options;
  if (input !== "-" || stdin === undefined) return openInput(options, input);
  await spool(fs, stdin, folder.spool, control.preparing);
  return openInput(options, folder.spool);
};

const keepOld = async ({ control, fs, startedAtWall }: RunSetting, paths: OutputPaths): Promise<void> => {
  try {
    const backups = await backUp(fs, paths, startedAtWall);
    if (backups.length > 0) control.warn(`what earlier runs wrote is kept in ${backups.join(", ")}`);
  } catch (error) {
    throw unwritable(paths.output, error, "the earlier output could not be given another name; nothing was sent");
  }
};

const remember = async (setting: RunSetting, folder: RunFolder, progress: Progress): Promise<void> => {
  const { options, output, startedAtWall, control, fs } = setting;
  const { pid } = options.owner ?? thisProcess();
  try {
    const changed = await writeManifest(fs, folder.manifest, manifestOf(options, output, startedAtWall, pid));
    if (changed.length === 0 || progress.done.count === 0) return;
    const rows = progress.done.count.toLocaleString("en");
    control.warn(`the ${changed.join(", ")} changed; ${rows} rows keep their earlier answers (--fresh begins anew)`);
  } catch (error) {
    throw unwritable(folder.manifest, error, "the run folder must be writable");
  }
};

const warnOf = ({ options, output, control }: RunSetting, { interrupted, strangers }: Progress): void => {
  const count = (rows: number, one: string, many: string): string =>
    rows === 1 ? `1 row ${one}` : `${rows.toLocaleString("en")} rows ${many}`;
  if (strangers > 0 && options.limit === undefined) {
    control.warn(`${output} has answers of ${count(strangers, "that is", "that are")} not in the input; they stay`);
  }
  if (interrupted > 0) {
    const rows = count(interrupted, "was", "were");
    control.warn(`${rows} in flight when the last run ended; sent again, and possibly paid for twice`);
  }
};

const send = async (
  setting: RunSetting,
  { paths, folder, own }: Place,
  source: Source,
  index: RowIndex,
  progress: Progress,
): Promise<{ outcomes: Outcomes; finished: boolean }> => {
  const { options, control } = setting;
  const { payments, truthBytes } = progress;
  const { journal, ballast } = folder;
  const toSend = index.rows - progress.done.count - progress.left.count;
  const ballastBytes = options.ballastBytes ?? Math.min(64, Math.max(1, Math.ceil(toSend / 16))) * 1024 * 1024;
  const logs = await openLogs(setting, { ...paths, truthBytes, journal, ballast, ballastBytes });
  const book = new CallBook({ index, payments, journal: logs.journal, llm: options.llm });
  const outcomes = new Outcomes({
    progress,
    output: logs.output,
    errors: logs.errors,
    book,
    context: recordContext(setting),
    emit: control.emit,
    onStop: control.stop,
  });
  const skip = (row: number): boolean => progress.done.has(row) || progress.left.has(row);
  try {
    await own.take(paths.truth);
    const exhausted = await sendRows(setting, source.rows(index, skip, control.signal), outcomes, [book]);
    return { outcomes, finished: exhausted && outcomes.undone === 0 };
  } finally {
    await logs.close();
  }
};
