import type { Command } from "commander";
import { bashScript } from "../completion/bash-script.ts";
import { type CompletedCommand, completedCommands } from "../completion/completed-commands.ts";
import { fishScript } from "../completion/fish-script.ts";
import { powershellScript } from "../completion/powershell-script.ts";
import { type ShellName, shellNames } from "../completion/shell-names.ts";
import { zshScript } from "../completion/zsh-script.ts";
import type { Host } from "../host.ts";
import { parseChoice } from "../parse/parse-choice.ts";
import { stdoutWriter } from "../run/stdout-writer.ts";

/** `sluice completion`: a script with which a shell completes commands, flags and their values. @throws UsageError */
export const completion = async (shell: string, program: Command, host: Host): Promise<number> => {
  const script = scripts[parseChoice(shell, "the shell", shellNames)];
  await stdoutWriter(host.stdout)(script(completedCommands(program)));
  return 0;
};

const scripts: Readonly<Record<ShellName, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
};
