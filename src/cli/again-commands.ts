import type { Command } from "commander";
import type { RetryFlags } from "./commands/retry.ts";
import type { Host } from "./host.ts";
import { collect, examples } from "./program-commands.ts";
import { addRunFlags } from "./run-command-flags.ts";

/** Adds the command that runs failed rows again. What it needs is loaded when it is used. */
export const addAgainCommands = (program: Command, host: Host, onExit: (code: number) => void): void => {
  const command = program
    .command("retry")
    .summary("run failed rows of a run again, as it was started, or otherwise where flags say so")
    .description(examples(retryExamples))
    .argument("<run>", "its output, or its folder")
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
    const { retry } = await import("./commands/retry.ts");
    onExit(await retry(handle, typedIn(command, flags), host));
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

const retryExamples = [
  "sluice retry labels.jsonl",
  "sluice retry labels.jsonl --timeout 5m",
  "sluice retry labels.jsonl --code content_filter -m qwen/qwen-plus",
];
