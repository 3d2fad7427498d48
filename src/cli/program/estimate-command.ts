import type { Command } from "commander";
import type { Host } from "../host.ts";
import { addConfigFiles, examples } from "./looking-commands.ts";
import { addLimits } from "./run-command-flags.ts";
import { addInputOptions, addResultOptions } from "./run-command-options.ts";
import type { ConfigFlags, DisplayFlags, RunFlags } from "../run/run-flags.ts";

/** Adds `sluice estimate`. */
export const addEstimate = (program: Command, host: Host, onExit: (code: number) => void): void => {
  const command = program
    .command("estimate")
    .summary("what a run would take: rows, tokens, cost, time, and what it is bound by; makes no call")
    .description(examples(estimateExamples))
    .argument("<input...>", "as of sluice run, and so are the flags below")
    .showHelpAfterError("next  sluice estimate --help");
  addInputOptions(command);
  addLimits(command);
  addResultOptions(command);
  addConfigFiles(command.optionsGroup("Configuration (sluice config --origin shows it):"));
  command
    .optionsGroup("Display:")
    .option("--json", "one JSON object")
    .option("--no-color", "no colours (so does NO_COLOR)")
    .option("--ascii", "no signs beyond ASCII");
  command.action(async (input: readonly string[], flags: RunFlags & DisplayFlags & ConfigFlags) => {
    const { estimate } = await import("../commands/estimate.ts");
    onExit(await estimate(input, flags, host));
  });
};

const estimateExamples = [
  "sluice estimate requests.jsonl -m openai/gpt-5-mini --rpm 500",
  "sluice estimate reviews.csv -p 'Sentiment of: {{text}}' -m deepseek/deepseek-chat --max-tokens 100",
];
