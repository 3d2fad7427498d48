import { mkdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { backUp } from "./resume/backup.ts";
import { ErrorGroups } from "./records/error-groups.ts";
import { tidyErrorsFile } from "./records/errors-file.ts";
import { thisProcess } from "./files/lock-owner.ts";
import { lock } from "./files/lock.ts";
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
import { systemCode, unwritable } from "./run-error.ts";
import type { RunSetting } from "./run-setting.ts";
import type { RunSummary } from "./run-summary.ts";
import { sendRows } from "./sending/send-rows.ts";
import type { RowIndex } from "./source/row-index.ts";
import type { Source } from "./source/source.ts";
import { spool } from "./files/spool.ts";
import { summarize, type RunEnd } from "./summarize.ts";

/** Runs a file into a file, continuing what earlier runs of the same output have done. */
export const fileRun = async (setting: RunSetting, paths: OutputPaths): Promise<RunSummary> => {
  const { options, clock, control } = setting;
  await checkPaths(options.retryOf?.rows === "errors" ? "-" : options.input, paths);
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
    retryCodes: options.retryCodes,
    signal: control.preparing,
    warn: control.warn,
  });
  const settings: SettingsPlace = { manifest: place.manifest, inputs: [inputPath(options, place)], rows: index.rows };
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
  await tidyErrorsFile({ path: paths.errors, index, done: progress.done, onFailure: (row) => groups.add(row) });
  if (finished) await rm(place.journal, { force: true });
  return { index, progress, resumed, outcomes, groups, finished, paths };
};

const openSpooled = async ({ options, control }: RunSetting, place: Place): Promise<Source> => {
  const { stdin, retryOf } = options;
  const path = inputPath(options, place);
  if (retryOf?.rows === "errors") await copyFailedRequests(place.paths.errors, path);
  else if (path === place.spool && stdin !== undefined) await spool(stdin, path, control.preparing);
  return openInput(options, path);
};

/** What can be read only once is copied first, and so is what the run itself writes to. */
const inputPath = ({ input, stdin, retryOf }: RunSetting["options"], { spool: copy }: Place): string =>
  retryOf?.rows === "errors" || (input === "-" && stdin !== undefined) ? copy : input;

const keepOld = async ({ control, startedAtWall }: RunSetting, paths: OutputPaths): Promise<void> => {
  try {
    const backups = await backUp(paths, startedAtWall);
    if (backups.length > 0) control.warn(`what earlier runs wrote is kept in ${backups.join(", ")}`);
  } catch (error) {
    throw unwritable(paths.output, error, "the earlier output could not be given another name; nothing was sent");
  }
};

const warnOf = ({ control }: RunSetting, { possiblyPaidTwice }: Progress): void => {
  const count = (rows: number, one: string, many: string): string =>
    rows === 1 ? `1 row ${one}` : `${rows.toLocaleString("en")} rows ${many}`;
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
  const skip = leftAlone(progress, setting.options.retryOf !== undefined);
  try {
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
