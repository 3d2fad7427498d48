import { Command, CommanderError } from "commander";
import { addRunFlags } from "../program/run-command-flags.ts";
import type { ConfigFlags, DisplayFlags, RunFlags } from "../run/run-flags.ts";

/** Every flag that a run can be given. */
export type AllFlags = RunFlags & DisplayFlags & ConfigFlags;

/** The flags of a command line of `sluice run`; `undefined` when it is none, or one of another version. */
export const flagsIn = (words: readonly string[]): AllFlags | undefined => {
  const [name, ...rest] = words;
  if (name !== "run") return undefined;
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  addRunFlags(command);
  command.argument("<input...>").action(() => {});
  try {
    command.parse(rest, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return undefined;
    throw error;
  }
  const typed = Object.entries(command.opts()).filter(([flag]) => command.getOptionValueSource(flag) === "cli");
  return Object.fromEntries(typed);
};
