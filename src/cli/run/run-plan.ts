import type { LLMOptions } from "../../client/llm-options.ts";
import { defaultOutput } from "../../run/paths.ts";
import type { RetryErrors } from "../../run/retry-errors.ts";
import type { RunFileOptions } from "../../run/run-options.ts";
import { parseConcurrency } from "../parse/parse-concurrency.ts";
import { parseCount } from "../parse/parse-count.ts";
import { parseDuration } from "../parse/parse-duration.ts";
import { parseParams } from "../parse/parse-params.ts";
import { parseRate } from "../parse/parse-rate.ts";
import { parseWhole } from "../parse/parse-whole.ts";
import { textArgument } from "../parse/text-argument.ts";
import { UsageError } from "../usage-error.ts";
import type { RunFlags } from "./run-flags.ts";
import { type RunTarget, runTarget } from "./run-target.ts";
import { shellCommand } from "./shell-command.ts";

/** A run as it will be made: everything has been understood and checked but for the input itself. */
export interface RunPlan {
  readonly client: LLMOptions;
  readonly file: Omit<RunFileOptions, "llm" | "stdin" | "stdout" | "signal" | "drain" | "onEvent">;
  /** A path, or `-`. */
  readonly output: string;
  /** What displays call the model. */
  readonly model: string;
  /** Absent when only the rows say where they go. */
  readonly target?: RunTarget;
  /** Refuses the first row's model before anything is sent. @throws UsageError */
  readonly checkModel?: (model: string | undefined) => void;
  /** The command that goes on with this run; absent when it cannot be resumed. */
  readonly command?: string;
}

/** What a plan is made of. */
export interface PlanOptions {
  readonly input: string;
  readonly flags: RunFlags;
  /** The command line after `sluice`. */
  readonly words: readonly string[];
  readonly environment: (name: string) => string | undefined;
}

/** Understands a command line. @throws UsageError */
export const planRun = async ({ input, flags, words, environment }: PlanOptions): Promise<RunPlan> => {
  const model = flags.model ?? environment("SLUICE_MODEL");
  const { baseUrl } = flags;
  const target = model === undefined ? undefined : runTarget(model, baseUrl, environment);
  const output = flags.output ?? defaultOutput(input);
  const command = resumeCommand(input, output, words);
  return {
    client: clientOptions(model, flags),
    file: await fileOptions(input, output, flags, model, target),
    output,
    model: model ?? "(each row's model)",
    ...(target === undefined ? { checkModel: (named) => checkRowModel(named, baseUrl, environment) } : { target }),
    ...(command === undefined ? {} : { command }),
  };
};

const clientOptions = (model: string | undefined, flags: RunFlags): LLMOptions => {
  const { baseUrl, concurrency, rpm, tpm, retries, timeout, timeoutFirst, timeoutIdle, timeoutTotal } = flags;
  return {
    ...(model === undefined ? {} : { model }),
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
    limits: {
      ...(concurrency === undefined ? {} : { maxConcurrent: parseConcurrency(concurrency, "--concurrency") }),
      ...(rpm === undefined ? {} : { requestsPerMinute: parseRate(rpm, "--rpm") }),
      ...(tpm === undefined ? {} : { tokensPerMinute: parseRate(tpm, "--tpm") }),
    },
    retry: {
      onEmptyBudget: "wait",
      ...(retries === undefined ? {} : { retries: parseWhole(retries, "--retries", 0, 1000) }),
    },
    timeout: {
      total:
        timeoutTotal === undefined || timeoutTotal === "none" ? "none" : parseDuration(timeoutTotal, "--timeout-total"),
      ...(timeout === undefined ? {} : { attempt: parseDuration(timeout, "--timeout") }),
      ...(timeoutFirst === undefined ? {} : { firstContent: parseDuration(timeoutFirst, "--timeout-first") }),
      ...(timeoutIdle === undefined ? {} : { idle: parseDuration(timeoutIdle, "--timeout-idle") }),
    },
  };
};

const fileOptions = async (
  input: string,
  output: string,
  flags: RunFlags,
  model: string | undefined,
  target: RunTarget | undefined,
): Promise<RunPlan["file"]> => {
  const { prompt, system, param = [], limit, stream, fresh, idColumn, overrideModel, retryErrors, strict } = flags;
  if (overrideModel === true && model === undefined)
    throw new UsageError("--override-model needs a model: -m provider/model");
  return {
    input,
    output,
    ...(model === undefined ? {} : { model }),
    ...(target === undefined ? {} : { provider: target.provider }),
    ...(target?.keyMask === undefined ? {} : { keyMask: target.keyMask }),
    ...(prompt === undefined ? {} : { prompt: await textArgument(prompt, "--prompt") }),
    ...(system === undefined ? {} : { system: await textArgument(system, "--system") }),
    ...(param.length === 0 ? {} : { params: parseParams(param) }),
    ...(limit === undefined ? {} : { limit: parseCount(limit, "--limit") }),
    ...(stream === undefined ? {} : { stream }),
    ...(fresh === undefined ? {} : { fresh }),
    ...(idColumn === undefined ? {} : { idColumn }),
    ...(overrideModel === undefined ? {} : { overrideModel }),
    ...(retryErrors === undefined ? {} : { retryErrors: retryErrorsOf(retryErrors) }),
    ...(strict === undefined ? {} : { strict }),
  };
};

const retryErrorsOf = (text: string): RetryErrors => {
  const policy = (["retryable", "all", "none"] as const).find((known) => known === text);
  if (policy !== undefined) return policy;
  throw new UsageError(`--retry-errors must be retryable, all or none, got ${JSON.stringify(text)}`);
};

const checkRowModel = (
  named: string | undefined,
  baseURL: string | undefined,
  environment: PlanOptions["environment"],
): void => {
  if (named !== undefined) {
    runTarget(named, baseURL, environment);
    return;
  }
  throw new UsageError("no model: neither the command nor the first row names one  (nothing was sent)", [
    baseURL === undefined
      ? "fix        -m openai/gpt-5-mini   or   export SLUICE_MODEL=openai/gpt-5-mini"
      : "fix        -m NAME, as the server at --base-url calls the model",
  ]);
};

const resumeCommand = (input: string, output: string, words: readonly string[]): string | undefined => {
  if (output === "-") return undefined;
  const command = shellCommand(["sluice", ...words.filter((word) => word !== "--fresh")]);
  return input === "-" ? `… | ${command}` : command;
};
