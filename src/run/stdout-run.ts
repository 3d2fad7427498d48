import { join } from "node:path";
import { mostOf } from "./estimate/most-of.ts";
import { rowEstimating } from "./estimate/row-estimating.ts";
import { leaveInvalid, recordInvalid } from "./invalid-rows.ts";
import { ErrorGroups, type FailedRow } from "./records/error-groups.ts";
import { CallBook } from "./journal/call-book.ts";
import { openInput } from "./open-input.ts";
import { Outcomes } from "./outcomes.ts";
import { openLogFile } from "./files/open-log-file.ts";
import { areHeld, heldChunks } from "./output/held-records.ts";
import { recordContext } from "./records/record-meta.ts";
import { RecordLog, type LogHandle } from "./files/record-log.ts";
import { noProgress } from "./resume/resume.ts";
import { isRetried } from "./resume/retry-errors.ts";
import { systemCode, unwritable } from "./run-error.ts";
import type { RunStdout } from "./run-options.ts";
import type { RunSetting } from "./run-setting.ts";
import type { RunSummary } from "./run-summary.ts";
import { sendRows } from "./sending/send-rows.ts";
import type { RowIndex } from "./source/row-index.ts";
import { inputText } from "./source/input-files.ts";
import type { Source } from "./source/source.ts";
import { spool } from "./files/spool.ts";
import type { Bounds } from "./stop/bounds.ts";
import { prepareBounds } from "./stop/prepare-bounds.ts";
import { inTemporaryFolder } from "./files/temporary-folder.ts";
import { summarize, type RunEnd } from "./summarize.ts";

/** Runs a file, or the standard input, to the standard output: answers and failures in one stream, without resume. */
export const stdoutRun = async (setting: RunSetting): Promise<RunSummary> => {
  const { options, control } = setting;
  const { input, stdin, stdout } = options;
  if (stdout === undefined) throw new TypeError(`"stdout" is missing`);
  const run = async (path: string | readonly string[]): Promise<RunSummary> =>
    summarize(setting, await runInto(setting, stdout, await openInput(options, path, control.warn)));
  if (input !== "-" || stdin === undefined) return run(input);
  return inTemporaryFolder("the standard input is", async (folder) => {
    const path = join(folder, "stdin.spool");
    await spool(setting.fs, stdin, path, control.preparing);
    return run(path);
  });
};

const runInto = async (setting: RunSetting, stdout: RunStdout, source: Source): Promise<RunEnd> => {
  const { control, options } = setting;
  const estimating = await rowEstimating(options);
  const index = await source.validate(control.preparing, estimating?.add);
  const nothing = { skip: () => false, done: 0, permanentlyFailed: 0 };
  using bounds = await prepareBounds(setting, { estimating, ...nothing });
  const shown = openStdout(setting, stdout);
  const { output, readerLeft } = shown;
  if (!areHeld(options)) return await runRows(setting, source, index, bounds, { output, readerLeft });
  return await inTemporaryFolder("results that are to be put in order are", async (folder) => {
    const path = join(folder, "results.jsonl");
    const held = await holdRecords(setting, path);
    // What was answered has been paid for: it is shown, however the run ends.
    const show = async (): Promise<void> => shown.show(await heldChunks(setting, path, source, index));
    return runRows(setting, source, index, bounds, { output: held, readerLeft, show });
  });
};

const holdRecords = async ({ fs, control, clock }: RunSetting, path: string): Promise<RecordLog> => {
  const onFailure = (error: unknown): void => control.fail(unwritable(path, error, "make room, or use -o"));
  return new RecordLog({ handle: await openLogFile(fs, path), clock, onFailure });
};

const runRows = async (
  setting: RunSetting,
  source: Source,
  index: RowIndex,
  bounds: Bounds,
  { output, readerLeft, show }: Omit<Shown, "show"> & { readonly show?: () => Promise<void> },
): Promise<RunEnd> => {
  const { control } = setting;
  const progress = noProgress(index.rows);
  leaveInvalid(index, progress, control.warn);
  const groups = new ErrorGroups();
  const context = recordContext(setting);
  const book = new CallBook({ index, payments: progress.payments, mostOf: await mostOf(setting.options.llm) });
  const outcomes = new Outcomes({
    progress,
    output,
    book,
    context,
    emit: control.emit,
    onStop: control.stop,
    onFailure: ({ id }, { code, status, message }) =>
      groups.add({ id, code, message, retryable: isRetried(code), ...(status === undefined ? {} : { status }) }),
  });
  announce(setting, source, index);
  let exhausted = false;
  try {
    const onFailure = (row: FailedRow): void => groups.add(row);
    const inline = { log: output, context, progress, where: "inline", onFailure } as const;
    await recordInvalid(source.invalidRows(index, control.signal), inline);
    exhausted = await sendRows(
      setting,
      source.rows(index, () => false, control.signal),
      outcomes,
      bounds,
      [book],
    );
  } finally {
    await output.close();
    await show?.();
  }
  control.throwIfFailed();
  const finished = exhausted && outcomes.undone === 0;
  return { index, progress, resumed: 0, outcomes, groups, finished, readerLeft: readerLeft() };
};

const announce = (
  { options, control }: RunSetting,
  { format }: Source,
  { rows, invalid, skippedBlankLines }: RowIndex,
): void => {
  const input = inputText(options.input);
  control.emit({
    type: "start",
    rows,
    resumed: 0,
    permanentlyFailed: invalid,
    toSend: rows - invalid,
    skippedBlankLines,
    format,
    input,
  });
};

/** Where results are shown. */
interface Shown {
  readonly output: RecordLog;
  readonly readerLeft: () => boolean;
  /** Writes bytes that are not results one by one. */
  readonly show: (chunks: AsyncIterable<Uint8Array>) => Promise<void>;
}

/** A reader that leaves ends the run, but not with an error: `| head` is a way to look. */
const openStdout = ({ control, clock }: RunSetting, stdout: RunStdout): Shown => {
  let left = false;
  const onFailure = (error: unknown): void => {
    left = ["EPIPE", "ERR_STREAM_DESTROYED"].includes(systemCode(error));
    if (left) control.leave();
    else control.fail(unwritable("stdout", error, "use -o to keep results in a file, from which a run can continue"));
  };
  const handle = stdoutHandle(stdout);
  const show = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
    try {
      for await (const chunk of chunks) await handle.append(chunk);
    } catch (error) {
      onFailure(error);
    }
  };
  return { output: new RecordLog({ handle, clock, onFailure }), readerLeft: () => left, show };
};

/** Listens for errors as long as the stream lives, because it reports a broken pipe once more after the write has failed. */
const stdoutHandle = (stdout: RunStdout): LogHandle => {
  stdout.on?.("error", () => {});
  return {
    append: (data) =>
      new Promise((resolve, reject) => {
        stdout.write(Buffer.from(data).toString("utf8"), (error) => {
          if (error === undefined || error === null) resolve(data.length);
          else reject(error);
        });
      }),
    datasync: async () => {},
    close: async () => {},
  };
};
