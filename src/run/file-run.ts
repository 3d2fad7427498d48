import { backUp } from "./resume/backup.ts";
import { checkProduct, finishOutput } from "./finish-output.ts";
import { ErrorGroups } from "./records/error-groups.ts";
import { tidyErrorsFile } from "./records/errors-file.ts";
import { thisProcess } from "./files/lock-owner.ts";
import { lock } from "./files/lock.ts";
import { spool } from "./files/spool.ts";
import { CallBook } from "./journal/call-book.ts";
import { checkSettings, type SettingsPlace } from "./resume/check-settings.ts";
import { copyFailedRequests } from "./resume/failed-requests.ts";
import { rememberSettings } from "./resume/remember-settings.ts";
import { countToSend, leftAlone } from "./resume/rows-to-send.ts";
import { openInput } from "./open-input.ts";
import { openLogs } from "./open-logs.ts";
import { Outcomes } from "./outcomes.ts";
import { checkPaths, type OutputPaths } from "./paths.ts";
import { recordContext } from "./records/record-meta.ts";
import { readProgress, type Progress } from "./resume/resume.ts";
import { unwritable } from "./run-error.ts";
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
  await checkPaths(fs, options.retryOf?.rows === "errors" ? "-" : options.input, paths);
  await checkProduct(setting, paths);
  await makeRunFolder(fs, paths.folder);
  const folder = runFolder(paths.folder);
  const owner = options.owner ?? thisProcess();
  const unlock = await lock({ fs, path: folder.lock, owner, clock, warn: control.warn });
  try {
    return summarize(setting, await runLocked(setting, { paths, folder }));
  } finally {
    await unlock();
    await leaveRunFolder(fs, folder);
  }
};

/** Where a run writes, and what it keeps for itself. */
interface Place {
  readonly paths: OutputPaths;
  readonly folder: RunFolder;
}

const runLocked = async (setting: RunSetting, place: Place): Promise<RunEnd> => {
  const { options, control, fs } = setting;
  const { paths, folder } = place;
  const source = await openSpooled(setting, place);
  const index = await source.validate(control.preparing);
  if (options.fresh === true) await keepOld(setting, paths);
  const progress = await readProgress({
    fs,
    paths,
    journal: folder.journal,
    index,
    retryErrors: options.retryErrors ?? "retryable",
    retryCodes: options.retryCodes,
    signal: control.preparing,
    warn: control.warn,
  });
  const settings: SettingsPlace = { manifest: folder.manifest, inputs: [inputPath(options, folder)], rows: index.rows };
  await rememberSettings(setting, settings, progress, await checkSettings(setting, settings, progress));
  warnOf(setting, progress);
  const resumed = progress.done.count;
  control.emit({
    type: "start",
    rows: index.rows,
    resumed,
    permanentlyFailed: progress.left.count,
    toSend: countToSend(progress, index.rows, options.retryOf !== undefined),
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

const openSpooled = async ({ options, control, fs }: RunSetting, { paths, folder }: Place): Promise<Source> => {
  const { stdin, retryOf } = options;
  const path = inputPath(options, folder);
  if (retryOf?.rows === "errors") await copyFailedRequests(fs, paths.errors, path);
  else if (path === folder.spool && stdin !== undefined) await spool(fs, stdin, path, control.preparing);
  return openInput(options, path);
};

/** What can be read only once is copied first, and so is what the run itself writes to. */
const inputPath = ({ input, stdin, retryOf }: RunSetting["options"], { spool: copy }: RunFolder): string =>
  retryOf?.rows === "errors" || (input === "-" && stdin !== undefined) ? copy : input;

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

const send = async (
  setting: RunSetting,
  { paths, folder }: Place,
  source: Source,
  index: RowIndex,
  progress: Progress,
): Promise<{ outcomes: Outcomes; finished: boolean }> => {
  const { options, control } = setting;
  const { payments, truthBytes } = progress;
  const { journal, ballast } = folder;
  const onlyFailed = options.retryOf !== undefined;
  const toSend = countToSend(progress, index.rows, onlyFailed);
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
  const skip = leftAlone(progress, onlyFailed);
  try {
    const exhausted = await sendRows(setting, source.rows(index, skip, control.signal), outcomes, [book]);
    return { outcomes, finished: exhausted && outcomes.undone === 0 };
  } finally {
    await logs.close();
  }
};
