import type { Command } from "commander";
import { addConfigFiles, addRateOptions } from "./looking-commands.ts";
import { addInputOptions, addResultOptions } from "./run-command-options.ts";

/** Adds every flag of `sluice run`. */
export const addRunFlags = (command: Command): void => {
  addInputOptions(command);
  addLimits(command);
  command
    .optionsGroup(limitsHeading)
    .option("--forget-limits", "begin without what earlier runs found out about the limits (default: with it)")
    .optionsGroup(patienceHeading)
    .option("--hedge", "ask the last stragglers of a run a second time (default: off)");
  addResultOptions(command);
  addConfigFiles(command.optionsGroup("Configuration (sluice config --origin shows it):"));
  addDisplay(command);
};

const limitsHeading = "Limits (each holds in every rolling minute or day, retries included):";
const patienceHeading = "Patience:";

/** Adds the flags that bound what is sent, and how long it may take. */
export const addLimits = (command: Command): void => {
  addRateOptions(command.optionsGroup(limitsHeading))
    .option("--on-quota <fail|wait>", "when a quota is used up for long, such as a day's (default: fail)")
    .optionsGroup(patienceHeading)
    .option("--retries <n>", "retries of one call, 429s not counted (default: 5)")
    .option("--timeout <duration>", "one attempt, whole (default: 10m)")
    .option("--timeout-first <duration>", "until the first content of a stream (default: 2m)")
    .option("--timeout-idle <duration>", "silence in an answer (default: 1m)")
    .option("--timeout-total <duration|none>", "one call with all its waiting (default: none)");
};

/** Adds the flags that say how progress is shown. */
export const addDisplay = (command: Command): void => {
  command
    .optionsGroup("Display:")
    .option("--progress <mode>", "auto, tty, plain, json or none (default: auto)")
    .option("--json", "events on stdout, one JSON object a line: the same as --progress json")
    .option("--no-color", "no colours (so does NO_COLOR)")
    .option("--ascii", "no signs beyond ASCII");
};
