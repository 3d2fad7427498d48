import type { Command } from "commander";
import type { AskFlags } from "../commands/ask.ts";
import type { DoctorFlags } from "../commands/doctor.ts";
import type { LimitsFlags } from "../commands/limits.ts";
import type { ModelsFlags } from "../commands/models.ts";
import type { Host } from "../host.ts";
import type { DisplayFlags } from "../run/run-flags.ts";

/** Adds the commands that ask once, and those that look. What each needs is loaded when it is used. */
export const addLookingCommands = (program: Command, host: Host, onExit: (code: number) => void): void => {
  addAsk(program, host, onExit);
  addModels(program, host, onExit);
  addLimitsCommand(program, host, onExit);
  addDoctor(program, host, onExit);
};

/** The flags that say what the account allows. */
export const addRateOptions = (command: Command): Command =>
  command
    .option("-j, --concurrency <n|min-max|auto>", "calls at once: 50, 10-100 (default: auto)")
    .option("--rpm <rate>", "requests per minute: 500, 500/m, 8/s (default: learned)")
    .option("--tpm <rate>", "tokens per minute, input and output: 200k, 2M (default: learned)")
    .option("--itpm <rate>", "input tokens per minute")
    .option("--otpm <rate>", "output tokens per minute")
    .option("--rpd <count>", "requests per day: 10k")
    .option("--tpd <count>", "tokens per day, input and output: 50M");

/** The flags that say which configuration holds. */
export const addConfigFiles = (command: Command): Command =>
  command
    .option("--config <file>", "in place of the nearest sluice.config.{ts,js,json,yaml} or package.json")
    .option("--env-file <file>", "variables, in place of .env.local and .env (repeatable)", collectFiles)
    .option("--no-env-file", "no variables from files");

/** `--no-env-file` before it makes the earlier value false. */
const collectFiles = (value: string, earlier: readonly string[] | boolean | undefined): readonly string[] =>
  collect(value, Array.isArray(earlier) ? earlier : []);

/** Adds a value of a flag that may come several times. */
export const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];

/** What a command calls a run that was made before. */
export const runHandle = "the output of a run, its errors file, its folder, or last";

/** The examples that help begins with. */
export const examples = (lines: readonly string[]): string =>
  ["Examples:", ...lines.map((line) => `  ${line}`)].join("\n");

const addAsk = (program: Command, host: Host, onExit: (code: number) => void): void => {
  const command = program
    .command("ask")
    .summary("one prompt, answered on stdout as it comes")
    .description(examples(askExamples))
    .argument("[prompt...]", "what to ask; what comes from stdin goes after it")
    .option("-m, --model <provider/model>", "such as openai/gpt-5-mini (or SLUICE_MODEL)")
    .option("--base-url <url>", "any OpenAI-compatible server; its key is SLUICE_API_KEY")
    .option("-s, --system <text|@file>", "the system message")
    .option("-P, --param <key=value>", "a field of the request: temperature=0 (repeatable)", collect)
    .option("--max-tokens <n>", "the most tokens to generate")
    .option("--no-stream", "the answer as a whole")
    .option("--json", "the whole reply as one JSON object")
    .option("-v, --verbose", "model, tokens, cost and time on stderr, where no terminal is, too")
    .option("--retries <n>", "retries, 429s not counted (default: 2)")
    .option("--timeout <duration>", "one attempt, whole (default: 10m)")
    .showHelpAfterError("next  sluice ask --help");
  addLook(command).action(async (words: readonly string[], flags: AskFlags & DisplayFlags) => {
    const { ask } = await import("../commands/ask.ts");
    onExit(await ask(words, flags, host));
  });
};

const addModels = (program: Command, host: Host, onExit: (code: number) => void): void => {
  const command = program
    .command("models")
    .summary("the providers and their keys; with --live the models that one offers")
    .description(examples(modelsExamples))
    .argument("[filter]", "only what has this in its name")
    .option("--live", "ask the provider which models it offers")
    .option("-m, --model <provider>", "the provider to ask: openai, or a model of it (or SLUICE_MODEL)")
    .option("--base-url <url>", "the server to ask")
    .option("--json", "one JSON array")
    .showHelpAfterError("next  sluice models --help");
  addLook(command).action(async (filter: string | undefined, flags: ModelsFlags & DisplayFlags) => {
    const { models } = await import("../commands/models.ts");
    onExit(await models(filter, flags, host));
  });
};

const addLimitsCommand = (program: Command, host: Host, onExit: (code: number) => void): void => {
  const command = program
    .command("limits")
    .summary("the limits of a model: what they are, who says so, how much is used")
    .description(examples(limitsExamples))
    .argument("[model]", "such as openai/gpt-5-mini (or SLUICE_MODEL)")
    .option("--base-url <url>", "any OpenAI-compatible server; its key is SLUICE_API_KEY")
    .option("--probe", "make one call of a token to see what the provider says")
    .option("--json", "one JSON object")
    .showHelpAfterError("next  sluice limits --help");
  addLook(addRateOptions(command)).action(async (model: string | undefined, flags: LimitsFlags & DisplayFlags) => {
    const { limits } = await import("../commands/limits.ts");
    onExit(await limits(model, flags, host));
  });
};

const addDoctor = (program: Command, host: Host, onExit: (code: number) => void): void => {
  const command = program
    .command("doctor")
    .summary("checks keys, proxy, network, clock and terminal, and says how to mend what is broken")
    .description(examples(["sluice doctor", "sluice doctor -m deepseek/deepseek-chat"]))
    .option("-m, --model <provider/model>", "check this provider only (default: all that there is a key for)")
    .option("--base-url <url>", "check this server only")
    .option("--json", "one JSON object")
    .showHelpAfterError("next  sluice doctor --help");
  addLook(command).action(async (flags: DoctorFlags & DisplayFlags) => {
    const { doctor } = await import("../commands/doctor.ts");
    onExit(await doctor(flags, host));
  });
};

const addLook = (command: Command): Command =>
  addConfigFiles(command)
    .option("--no-color", "no colours (so does NO_COLOR)")
    .option("--ascii", "no signs beyond ASCII");

const askExamples = [
  "sluice ask 'Name three rivers' -m openai/gpt-5-mini",
  "cat notes.txt | sluice ask 'What is this about?' -m deepseek/deepseek-chat",
  "git diff | sluice ask -s @review.md --json | jq -r .text",
];

const modelsExamples = [
  "sluice models",
  "sluice models qwen",
  "sluice models mini --live -m openai",
  "sluice models --live --base-url http://localhost:8000/v1",
];

const limitsExamples = ["sluice limits openai/gpt-5-mini", "sluice limits openai/gpt-5-mini --probe"];
