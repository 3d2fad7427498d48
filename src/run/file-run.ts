import { backUp } from "./resume/backup.ts";
import { mostOf } from "./estimate/most-of.ts";
import { rowEstimating } from "./estimate/row-estimating.ts";
import { checkProduct, finishOutput } from "./finish-output.ts";
import { ErrorGroups } from "./records/error-groups.ts";
import { tidyErrorsFile } from "./records/errors-file.ts";
import { thisProcess } from "./files/lock-owner.ts";
import { lock } from "./files/lock.ts";
import { type OwnFiles, ownFiles } from "./files/own-files.ts";
import { spool } from "./files/spool.ts";
import { CallBook } from "./journal/call-book.ts";
import { checkSettings, type SettingsPlace } from "./resume/check-settings.ts";
import { copyFailedRequests } from "./resume/failed-requests.ts";
import { rememberSettings } from "./resume/remember-settings.ts";
import { countToSend, leftAlone } from "./resume/rows-to-send.ts";
import { leaveInvalid, recordInvalid } from "./invalid-rows.ts";
import { openInput } from "./open-input.ts";
import { openLogs } from "./open-logs.ts";
import { Outcomes } from "./outcomes.ts";
import { checkFolder } from "./resume/check-folder.ts";
import { checkPaths, type OutputPaths } from "./paths.ts";
import { recordContext } from "./records/record-meta.ts";
import { readProgress, type Progress } from "./resume/resume.ts";
import { inWords, unwritable } from "./run-error.ts";
import { leaveRunFolder, makeRunFolder, type RunFolder, runFolder } from "./run-folder.ts";
import type { RunSetting } from "./run-setting.ts";
import type { RunSummary } from "./run-summary.ts";
import { sendRows } from "./sending/send-rows.ts";
import type { RowIndex } from "./source/row-index.ts";
import type { Row } from "./source/row.ts";
import type { Source } from "./source/source.ts";
import type { Bounds } from "./stop/bounds.ts";
import { owedBefore } from "./stop/owed-before.ts";
import { prepareBounds } from "./stop/prepare-bounds.ts";
import { type InputPaths, inputText } from "./source/input-files.ts";
import type { InvalidRow } from "./source/read-rows.ts";
import { summarize, type RunEnd } from "./summarize.ts";

/** Runs a file into a file, continuing what earlier runs of the same output have done. */
export const fileRun = async (setting: RunSetting, paths: OutputPaths): Promise<RunSummary> => {
  const { options, clock, control, fs } = setting;
  await checkPaths(fs, options.retryOf?.rows === "errors" ? "-" : options.input, paths);
  await checkProduct(setting, paths);
  await makeRunFolder(fs, paths.folder);
  const folder = runFolder(paths.folder);
  const owner = options.owner ?? thisProcess();
  const unlock = await lock({ fs, path: folder.lock, owner, clock, warn: control.warn });
  const own = ownFiles(fs, owner);
  try {
    await checkFolder(setting, paths);
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
  const { source, places } = await openSpooled(setting, place);
  const estimating = await rowEstimating(options);
  const index = await source.validate(control.preparing, estimating?.add);
  if (options.fresh === true) await keepOld(setting, paths);
  const progress = await progressOf(setting, place, index);
  const settings: SettingsPlace = { manifest: folder.manifest, inputs: inputPaths(options, folder), rows: index.rows };
  const checked = await checkSettings(setting, settings, progress);
  const skip = leftAlone(progress, options.retryOf !== undefined);
  const counts = { done: progress.done.count, permanentlyFailed: progress.left.count };
  const possiblyPaid = owedBefore(progress.payments);
  using bounds = await prepareBounds(setting, { estimating, skip, ...counts, truth: paths.truth, possiblyPaid });
  await rememberSettings(setting, settings, progress, checked);
  warnOf(setting, progress);
  const resumed = progress.done.count;
  announce(setting, place, source, index, progress);
  const { outcomes, finished } = await send(setting, place, {
    rows: source.rows(index, skip, control.signal),
    invalid: source.invalidRows(index, control.signal),
    index,
    bounds,
    progress,
    places,
  });
  control.throwIfFailed();
  const groups = new ErrorGroups();
  const onFailure = groups.add.bind(groups);
  await tidyErrorsFile({ fs, path: paths.errors, index, done: progress.done, onFailure });
  await finishOutput(setting, { paths, folder, source, index, answered: progress.done.count, finished });
  return { index, progress, resumed, outcomes, groups, finished, paths };
};

const progressOf = async (
  { options, control, fs }: RunSetting,
  { paths, folder }: Place,
  index: RowIndex,
): Promise<Progress> => {
  const { retryErrors = "retryable", retryCodes } = options;
  const { preparing: signal, warn } = control;
  const { journal } = folder;
  const progress = await readProgress({ fs, paths, journal, index, retryErrors, retryCodes, signal, warn });
  leaveInvalid(index, progress, warn);
  return progress;
};

const announce = (
  { options, control }: RunSetting,
  { paths }: Place,
  { format }: Source,
  { rows, skippedBlankLines }: RowIndex,
  progress: Progress,
): void =>
  control.emit({
    type: "start",
    rows,
    resumed: progress.done.count,
    permanentlyFailed: progress.left.count,
    toSend: countToSend(progress, rows, options.retryOf !== undefined),
    skippedBlankLines,
    format,
    input: inputText(options.input),
    paths,
  });

interface Spooled {
  readonly source: Source;
  /** Where the rows stood in the input that is gone. */
  readonly places?: readonly (number | undefined)[] | undefined;
}

const openSpooled = async ({ options, control, fs }: RunSetting, { paths, folder }: Place): Promise<Spooled> => {
  const { stdin, retryOf } = options;
  const path = inputPath(options, folder);
  const places = retryOf?.rows === "errors" ? await copyFailedRequests(fs, paths.errors, folder.spool) : undefined;
  if (places === undefined && path === folder.spool && stdin !== undefined) {
    await spool(fs, stdin, folder.spool, control.preparing);
  }
  return { source: await openInput(options, path, control.warn), places };
};

/** What can be read only once is copied first, and so is what the run itself writes to. */
const inputPath = ({ input, stdin, retryOf }: RunSetting["options"], { spool: copy }: RunFolder): InputPaths =>
  retryOf?.rows === "errors" || (input === "-" && stdin !== undefined) ? copy : input;

const inputPaths = (options: RunSetting["options"], folder: RunFolder): readonly string[] => {
  const paths = inputPath(options, folder);
  return typeof paths === "string" ? [paths] : paths;
};

const keepOld = async ({ control, fs, startedAtWall }: RunSetting, paths: OutputPaths): Promise<void> => {
  try {
    const backups = await backUp(fs, paths, startedAtWall);
    if (backups.length > 0) control.warn(`what earlier runs wrote is kept in ${backups.join(", ")}`);
  } catch (error) {
    throw unwritable(paths.output, error, "the earlier output could not be given another name; nothing was sent");
  }
};

const warnOf = ({ options, control }: RunSetting, { interrupted }: Progress): void => {
  // A retry leaves those alone; whoever goes on with the run is told.
  if (interrupted === 0 || options.retryOf !== undefined) return;
  const rows = interrupted === 1 ? "1 row was" : `${interrupted.toLocaleString("en")} rows were`;
  control.warn(`${rows} in flight when the last run ended; sent again, and possibly paid for twice`);
};

interface ToSend {
  readonly rows: AsyncIterable<Row>;
  readonly invalid: AsyncIterable<InvalidRow>;
  readonly index: RowIndex;
  readonly bounds: Bounds;
  readonly progress: Progress;
  readonly places: Spooled["places"];
}

const send = async (
  setting: RunSetting,
  { paths, folder, own }: Place,
  { rows, invalid, index, bounds, progress, places }: ToSend,
): Promise<{ outcomes: Outcomes; finished: boolean }> => {
  const { options, control } = setting;
  const { payments, truthBytes } = progress;
  const { journal, ballast } = folder;
  const onlyFailed = options.retryOf !== undefined;
  const toSend = countToSend(progress, index.rows, onlyFailed);
  const ballastBytes = options.ballastBytes ?? Math.min(64, Math.max(1, Math.ceil(toSend / 16))) * 1024 * 1024;
  const most = await mostOf(options.llm);
  const logs = await openLogs(setting, { ...paths, truthBytes, journal, ballast, ballastBytes });
  const book = new CallBook({ index, payments, journal: logs.journal, mostOf: most });
  const context = { ...recordContext(setting), ...(places && { placeOf: (row: Row) => places[row.index] }) };
  const outcomes = new Outcomes({
    progress,
    output: logs.output,
    errors: logs.errors,
    book,
    context,
    emit: control.emit,
    onStop: control.stop,
  });
  try {
    await own.take(paths.truth);
    await recordInvalid(invalid, { log: logs.errors, context, progress });
    const exhausted = await sendRows(setting, rows, outcomes, bounds, [book]);
    return { outcomes, finished: exhausted && outcomes.undone === 0 };
  } finally {
    await logs.close();
  }
};
