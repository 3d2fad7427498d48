import type { Command, Option } from "commander";
import { argumentValues, flagValues, type Values } from "./values.ts";

/** A command as a shell completes it. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly CompletedFlag[];
  /** What its arguments can be. */
  readonly argument: Values;
}

/** A flag as a shell completes it. */
export interface CompletedFlag {
  /** Such as `-o` and `--output`. */
  readonly names: readonly string[];
  readonly description: string;
  /** What can stand after it; absent when nothing does. */
  readonly values?: Values;
}

/** All commands of the program, with their flags. */
export const completedCommands = (program: Command): readonly CompletedCommand[] =>
  program.commands.map((command) => ({
    name: command.name(),
    summary: command.summary(),
    flags: [...command.options.map((option) => completedFlag(command.name(), option)), helpFlag],
    argument: command.registeredArguments.length === 0 ? [] : argumentValues(command.name()),
  }));

const helpFlag: CompletedFlag = { names: ["-h", "--help"], description: "what the command does" };

const completedFlag = (command: string, option: Option): CompletedFlag => ({
  names: [option.short, option.long].filter((name) => name !== undefined),
  description: option.description,
  ...(option.required || option.optional ? { values: flagValues(command, option.long ?? "") } : {}),
});
