import type { Command } from "commander";
import type { InitFlags } from "../commands/init.ts";
import type { RetryFlags } from "../commands/retry.ts";
import type { Host } from "../host.ts";
import { collect, examples, runHandle } from "./looking-commands.ts";
import { addRunFlags } from "./run-command-flags.ts";

/** Adds the commands that run failed rows again, and those for the first day. What each needs is loaded when it is used. */
export const addAgainCommands = (program: Command, host: Host, onExit: (code: number) => void): void => {
  addRetry(program, host, onExit);
  addInit(program, host, onExit);
  addCompletion(program, host, onExit);
};

const addRetry = (program: Command, host: Host, onExit: (code: number) => void): void => {
  const command = program
    .command("retry")
    .summary("run failed rows of a run again, as it was started, or otherwise where flags say so")
    .description(examples(retryExamples))
    .argument("<out|run>", runHandle)
    .optionsGroup("Which rows:")
    .option(
      "--code <code>",
      "those that failed so: content_filter, timeout, … (repeatable; default: the retryable)",
      collect,
    )
    .option("--all", "all that failed, also those whose request would fail again as it is")
    .showHelpAfterError("next  sluice retry --help")
    .addHelpText(
      "after",
      "\nEvery other flag of sluice run can be given, too: it holds for these rows in place of the run's own.",
    );
  addRunFlags(command);
  for (const option of command.options) if (!shownFlags.has(option.long ?? "")) option.hideHelp();
  command.action(async (handle: string, flags: RetryFlags) => {
    const { retry } = await import("../commands/retry.ts");
    onExit(await retry(handle, typedIn(command, flags), host));
  });
};

const addInit = (program: Command, host: Host, onExit: (code: number) => void): void => {
  program
    .command("init")
    .summary("write a configuration and an example to begin with")
    .description(examples(["sluice init", "sluice init --yes --template deepseek", "npx sluice init --format yaml"]))
    .option("--template <name>", "basic, openai, deepseek, qwen, ollama or batch (default: basic)")
    .option("--format <ts|yaml|json>", "what the configuration is written in (default: ts in a JavaScript project)")
    .option("--gitignore", "let git ignore .env, where keys may stand (default: asks)")
    .option("--yes", "ask nothing")
    .option("--force", "write over files that are there")
    .showHelpAfterError("next  sluice init --help")
    .action(async (flags: InitFlags) => {
      const { init } = await import("../commands/init.ts");
      onExit(await init(flags, host));
    });
};

const addCompletion = (program: Command, host: Host, onExit: (code: number) => void): void => {
  program
    .command("completion")
    .summary("a script that completes commands, flags and their values in a shell")
    .description(examples(completionExamples))
    .argument("<shell>", "bash, zsh, fish or powershell")
    .showHelpAfterError("next  sluice completion --help")
    .action(async (shell: string) => {
      const { completion } = await import("../commands/completion.ts");
      onExit(await completion(shell, program, host));
    });
};

/** Only what was typed says that something is to be otherwise. */
const typedIn = (command: Command, flags: RetryFlags): RetryFlags =>
  Object.fromEntries(Object.entries(flags).filter(([name]) => command.getOptionValueSource(name) === "cli"));

const shownFlags: ReadonlySet<string> = new Set([
  "--code",
  "--all",
  "--model",
  "--base-url",
  "--param",
  "--max-tokens",
  "--concurrency",
  "--timeout",
  "--retries",
  "--max-cost",
  "--progress",
  "--json",
]);

const completionExamples = [
  "echo 'source <(sluice completion bash)' >> ~/.bashrc",
  "echo 'source <(sluice completion zsh)' >> ~/.zshrc",
  "sluice completion fish > ~/.config/fish/completions/sluice.fish",
  "sluice completion powershell >> $PROFILE",
];

const retryExamples = [
  "sluice retry labels.jsonl",
  "sluice retry labels.jsonl --timeout 5m",
  "sluice retry labels.jsonl --code content_filter -m qwen/qwen-plus",
];
