import type { LLMOptions } from "../../client/llm-options.ts";
import { nodeFs } from "../../run/files/node-fs.ts";
import { meantInput } from "../../run/source/meant-input.ts";
import { defaultOutput } from "../../run/paths.ts";
import { retryPolicies } from "../../run/resume/retry-errors.ts";
import { sendOrders } from "../../run/sending/send-order.ts";
import type { RunFileOptions } from "../../run/run-options.ts";
import { wantsChinese } from "../display/terminal-style.ts";
import { parseChoice } from "../parse/parse-choice.ts";
import { parseCount } from "../parse/parse-count.ts";
import { parseParams } from "../parse/parse-params.ts";
import { textArgument } from "../parse/text-argument.ts";
import { UsageError } from "../usage-error.ts";
import { type Config, typedConfig } from "../config/config.ts";
import type { Asking } from "./asking-flags.ts";
import { clientOptions } from "./client-options.ts";
import type { LimitsMemory } from "./limits-memory.ts";
import { inputFlags } from "./input-flags.ts";
import { outputFlags } from "./output-flags.ts";
import type { RunFlags } from "./run-flags.ts";
import { stopFlags } from "./stop-flags.ts";
import { type RunTarget, runTarget, type TargetSettings } from "./run-target.ts";
import { settled } from "./settled.ts";
import { shellCommand } from "./shell-command.ts";
import { withoutOutput } from "./without-output.ts";

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
  /** Absent when nothing is kept from one run for the next. */
  readonly limits?: LimitsMemory;
  /** Refuses the model of the first row to be sent, before it is. @throws UsageError */
  readonly checkModel?: (model: string | undefined) => void;
  /** When the user is asked before anything is sent; absent where nobody is, nor told what the run will take. */
  readonly asking?: Asking;
  /** The command that goes on with this run; absent when it cannot be resumed. */
  readonly command?: string;
}

/** What a plan is made of. */
export interface PlanOptions {
  /** Paths and patterns. */
  readonly input: string | readonly string[];
  readonly flags: RunFlags;
  /** The command line after `sluice`. */
  readonly words: readonly string[];
  /** The folder where it was given; what started a run is kept only with it. */
  readonly folder?: string;
  readonly environment: (name: string) => string | undefined;
  /** @default what the flags and the environment say */
  readonly config?: Config;
}

/** Understands a command line. @throws UsageError */
export const planRun = async (options: PlanOptions): Promise<RunPlan> => {
  const { flags, words, folder, environment, config = typedConfig(flags, environment) } = options;
  const input = await meantInput(options.input, flags.output, nodeFs);
  const { configured, targets: settings } = await settled(config, environment);
  const { model, fallbacks = {} } = configured;
  const target = model === undefined ? undefined : runTarget(model, settings, environment);
  // What would be found out only when the model fails is found out now.
  for (const other of fallbacks[model ?? ""] ?? []) runTarget(other, settings, environment);
  const output = flags.output ?? defaultOutput(input);
  const command = resumeCommand(
    input,
    output,
    words.filter((word) => word !== "--fresh"),
  );
  return {
    client: clientOptions(configured, flags),
    file: {
      // Excel in China takes a table without a mark for GBK.
      ...(wantsChinese(environment) ? { csvBom: true } : {}),
      ...(await fileOptions(input, output, flags, model, target)),
      ...(folder === undefined
        ? {}
        : { command: { words, folder, text: (more) => otherCommand(input, output, words, more) } }),
    },
    output,
    model: model ?? "(each row's model)",
    ...(target === undefined ? { checkModel: (named) => checkRowModel(named, settings, environment) } : { target }),
    ...(command === undefined ? {} : { command }),
  };
};

const fileOptions = async (
  input: string | readonly string[],
  output: string,
  flags: RunFlags,
  model: string | undefined,
  target: RunTarget | undefined,
): Promise<RunPlan["file"]> => {
  const {
    prompt,
    system,
    param = [],
    maxTokens,
    limit,
    sendOrder,
    stream,
    fresh,
    idColumn,
    overrideModel,
    retryErrors,
    strict,
  } = flags;
  if (overrideModel === true && model === undefined)
    throw new UsageError("--override-model needs a model: -m provider/model");
  return {
    input,
    output,
    ...(model === undefined ? {} : { model }),
    ...(target === undefined ? {} : { dialect: target.dialect }),
    ...(target?.provider === undefined ? {} : { provider: target.provider }),
    ...(target?.keyMask === undefined ? {} : { keyMask: target.keyMask }),
    ...(prompt === undefined ? {} : { prompt: await textArgument(prompt, "--prompt") }),
    ...(system === undefined ? {} : { system: await textArgument(system, "--system") }),
    ...(param.length === 0 ? {} : { params: parseParams(param) }),
    ...(maxTokens === undefined || maxTokens === "auto" ? {} : { maxOutputTokens: parseMaxTokens(maxTokens) }),
    ...(limit === undefined ? {} : { limit: parseCount(limit, "--limit") }),
    ...(sendOrder === undefined ? {} : { sendOrder: parseChoice(sendOrder, "--send-order", sendOrders) }),
    ...(stream === undefined ? {} : { stream }),
    ...(fresh === undefined ? {} : { fresh }),
    ...(idColumn === undefined ? {} : { idColumn }),
    ...(overrideModel === undefined ? {} : { overrideModel }),
    ...(retryErrors === undefined ? {} : { retryErrors: parseChoice(retryErrors, "--retry-errors", retryPolicies) }),
    ...(strict === undefined ? {} : { strict }),
    ...(flags.acceptConfigChange === true ? { acceptConfigChange: true } : {}),
    ...inputFlags(flags),
    ...outputFlags(flags),
    ...stopFlags(flags),
  };
};

const parseMaxTokens = (text: string): number => {
  try {
    return parseCount(text, "--max-tokens");
  } catch {
    throw new UsageError(`--max-tokens must be a count such as 500 or 4k, or auto, got ${JSON.stringify(text)}`);
  }
};

const checkRowModel = (
  named: string | undefined,
  settings: TargetSettings,
  environment: PlanOptions["environment"],
): void => {
  if (named !== undefined) {
    runTarget(named, settings, environment);
    return;
  }
  throw new UsageError("no model: neither the command nor the first row to be sent names one  (nothing was sent)", [
    settings.baseURL === undefined
      ? "fix        -m openai/gpt-5-mini   or   export SLUICE_MODEL=openai/gpt-5-mini"
      : "fix        -m NAME, as the server at --base-url calls the model",
  ]);
};

/** The same command with more flags; an output among them takes the place of the one that was named. */
const otherCommand = (
  input: string | readonly string[],
  output: string,
  words: readonly string[],
  more: readonly string[],
): string => resumeCommand(input, output, [...(more[0] === "-o" ? withoutOutput(words) : words), ...more]) ?? "";

const resumeCommand = (
  input: string | readonly string[],
  output: string,
  words: readonly string[],
): string | undefined => {
  if (output === "-") return undefined;
  const command = shellCommand(["sluice", ...words]);
  return input === "-" ? `… | ${command}` : command;
};
