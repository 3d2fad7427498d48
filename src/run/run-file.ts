import { systemClock } from "../time/system-clock.ts";
import { fileRun } from "./file-run.ts";
import { nodeFs } from "./files/node-fs.ts";
import { meantInput } from "./source/meant-input.ts";
import { checkOutputOptions } from "./output/make-output.ts";
import { defaultOutput, pathsOf } from "./paths.ts";
import { announceSignals, runControl } from "./run-control.ts";
import { RunError } from "./run-error.ts";
import { sendOrders } from "./sending/send-order.ts";
import type { RunFileOptions } from "./run-options.ts";
import type { RunSetting } from "./run-setting.ts";
import type { RunSummary } from "./run-summary.ts";
import { InputError } from "./source/input-error.ts";
import { checkStopOptions } from "./stop/check-stop-options.ts";
import { stdoutRun } from "./stdout-run.ts";
import { summarize } from "./summarize.ts";

/**
 * Answers every row of a file and writes the answers to another, from which the same call continues after a stop.
 *
 * @throws InputError when the input is wrong: nothing was sent
 * @throws RunError when the output cannot be written: what was written stays, and the same call continues
 */
export const runFile = async (asked: RunFileOptions): Promise<RunSummary> => {
  checkOptions(asked);
  const options = { ...asked, input: await meantInput(asked.input, asked.output, asked.fs ?? nodeFs) };
  const clock = options.clock ?? systemClock;
  const output = options.output ?? defaultOutput(options.input);
  checkOutput(options, output);
  const control = runControl(options);
  const silence = announceSignals(options, control.emit);
  const setting: RunSetting = {
    options,
    output,
    clock,
    fs: options.fs ?? nodeFs,
    control,
    startedAt: clock.now(),
    startedAtWall: clock.wallNow(),
    workBefore: options.llm.stats().work,
  };
  try {
    return await (output === "-" ? stdoutRun(setting) : fileRun(setting, pathsOf(output, options.format)));
  } catch (error) {
    control.throwIfFailed();
    if (!control.preparing.aborted || error instanceof RunError || error instanceof InputError) throw error;
    return summarize(setting, undefined);
  } finally {
    silence();
    control.release();
  }
};

const checkOptions = (options: RunFileOptions): void => {
  checkStopOptions(options);
  checkPlaces(options);
};

const refuse = (message: string): never => {
  throw new RunError(`Cannot run: ${message}`, { exitCode: 2 });
};

const checkPlaces = ({ input, output, stdin, sendOrder, maxOutputTokens = 1 }: RunFileOptions): void => {
  const inputs = typeof input === "string" ? [input] : input;
  if (inputs.length === 0) refuse(`"input" must name a file, got an empty list`);
  if (inputs.includes("")) refuse(`"input" must be a path or "-", got ""`);
  if (output === "") refuse(`"output" must be a path or "-", got ""`);
  if (input === "-" && stdin === undefined) refuse(`"stdin" must be given when "input" is "-"`);
  if (sendOrder !== undefined && !sendOrders.includes(sendOrder)) {
    refuse(
      `"sendOrder" must be ${sendOrders.map((known) => `'${known}'`).join(" or ")}, got ${JSON.stringify(sendOrder)}`,
    );
  }
  if (!(Number.isSafeInteger(maxOutputTokens) && maxOutputTokens >= 1)) {
    refuse(`"maxOutputTokens" must be a whole number of at least 1, got ${String(maxOutputTokens)}`);
  }
};

const checkOutput = ({ stdout, order, format, fresh = false }: RunFileOptions, output: string): void => {
  if (output !== "-") return checkOutputOptions(output, format, order);
  if (stdout === undefined) refuse(`"stdout" must be given when "output" is "-"`);
  if (fresh) refuse(`"fresh" needs an output file: results on stdout always begin anew`);
};
