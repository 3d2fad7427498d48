import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { leaveInvalid, recordInvalid } from "./invalid-rows.ts";
import { ErrorGroups, type FailedRow } from "./records/error-groups.ts";
import { CallBook } from "./journal/call-book.ts";
import { openInput } from "./open-input.ts";
import { Outcomes } from "./outcomes.ts";
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
import { summarize, type RunEnd } from "./summarize.ts";

/** Runs a file, or the standard input, to the standard output: answers and failures in one stream, without resume. */
export const stdoutRun = async (setting: RunSetting): Promise<RunSummary> => {
  const { options, control } = setting;
  const { input, stdin, stdout } = options;
  if (stdout === undefined) throw new TypeError(`"stdout" is missing`);
  if (input !== "-" || stdin === undefined) {
    return summarize(setting, await runInto(setting, stdout, await openInput(options, input, control.warn)));
  }
  const folder = await temporaryFolder();
  try {
    const path = join(folder, "stdin.spool");
    await spool(setting.fs, stdin, path, control.preparing);
    return summarize(setting, await runInto(setting, stdout, await openInput(options, path, control.warn)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const temporaryFolder = async (): Promise<string> => {
  const prefix = join(tmpdir(), "sluice-");
  try {
    return await mkdtemp(prefix);
  } catch (error) {
    throw unwritable(tmpdir(), error, "the standard input is kept there while the run lasts; set TMPDIR, or use -o");
  }
};

const runInto = async (setting: RunSetting, stdout: RunStdout, source: Source): Promise<RunEnd> => {
  const { control } = setting;
  const index = await source.validate(control.preparing);
  const progress = noProgress(index.rows);
  leaveInvalid(index, progress, control.warn);
  const groups = new ErrorGroups();
  const { output, readerLeft } = openStdout(setting, stdout);
  const context = recordContext(setting);
  const book = new CallBook({ index, payments: progress.payments, llm: setting.options.llm });
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
      [book],
    );
  } finally {
    await output.close();
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

/** A reader that leaves ends the run, but not with an error: `| head` is a way to look. */
const openStdout = (
  { control, clock }: RunSetting,
  stdout: RunStdout,
): { readonly output: RecordLog; readonly readerLeft: () => boolean } => {
  let left = false;
  const onFailure = (error: unknown): void => {
    left = ["EPIPE", "ERR_STREAM_DESTROYED"].includes(systemCode(error));
    if (left) control.leave();
    else control.fail(unwritable("stdout", error, "use -o to keep results in a file, from which a run can continue"));
  };
  const output = new RecordLog({ handle: stdoutHandle(stdout), clock, onFailure });
  return { output, readerLeft: () => left };
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
