import type { Command } from "commander";
import type { ErrorsFlags } from "../commands/errors.ts";
import type { StatusFlags } from "../commands/status.ts";
import type { Host } from "../host.ts";
import { examples, runHandle } from "./looking-commands.ts";
import type { DisplayFlags } from "../run/run-flags.ts";

/** Adds the commands that look at runs. What each needs is loaded when it is used. */
export const addRunLooks = (program: Command, host: Host, onExit: (code: number) => void): void => {
  addErrors(program, host, onExit);
  addShow(program, host, onExit);
  addStatus(program, host, onExit);
};

const addErrors = (program: Command, host: Host, onExit: (code: number) => void): void => {
  const command = program
    .command("errors")
    .summary("the failed rows of a run by cause, with examples and a fix")
    .description(examples(["sluice errors labels.jsonl", "sluice errors last --code timeout --ids"]))
    .argument("<out|run>", runHandle)
    .option("--code <code>", "only rows that failed so: timeout, content_filter, …")
    .option("--limit <n>", "example ids of each cause (default: 3)")
    .option("--ids", "only the ids of the failed rows, one a line")
    .option("--json", "one JSON object")
    .showHelpAfterError("next  sluice errors --help");
  addLook(command).action(async (run: string, flags: ErrorsFlags & DisplayFlags) => {
    const { errors } = await import("../commands/errors.ts");
    onExit(await errors(run, flags, host));
  });
};

const addShow = (program: Command, host: Host, onExit: (code: number) => void): void => {
  const command = program
    .command("show")
    .summary("one row of a run: what it asked, what was answered, attempts, time, cost")
    .description(examples(["sluice show labels.jsonl row-2207", "sluice show last r17 --json | jq ."]))
    .argument("<out|run>", runHandle)
    .argument("<id>", "the id of the row")
    .option("--json", "its record as it is")
    .showHelpAfterError("next  sluice show --help");
  addLook(command).action(async (run: string, id: string, flags: DisplayFlags) => {
    const { show } = await import("../commands/show.ts");
    onExit(await show(run, id, flags, host));
  });
};

const addStatus = (program: Command, host: Host, onExit: (code: number) => void): void => {
  const command = program
    .command("status")
    .summary("the runs of this machine, live and finished; or one of them")
    .description(examples(["sluice status", "sluice status labels.jsonl --watch", "sluice status last --json"]))
    .argument("[out|run]", runHandle)
    .option("--watch", "again every second, until it has ended")
    .option("--json", "JSON; with --watch one object a line")
    .showHelpAfterError("next  sluice status --help");
  addLook(command).action(async (run: string | undefined, flags: StatusFlags & DisplayFlags) => {
    const { status } = await import("../commands/status.ts");
    onExit(await status(run, flags, host));
  });
};

const addLook = (command: Command): Command =>
  command.option("--no-color", "no colours (so does NO_COLOR)").option("--ascii", "no signs beyond ASCII");
