import type { CompletedCommand, CompletedFlag } from "./completed-commands.ts";

/** Completion for PowerShell; where a path is due it says nothing, and PowerShell offers files. */
export const powershellScript = (commands: readonly CompletedCommand[]): string => `# sluice: completion for PowerShell
Register-ArgumentCompleter -Native -CommandName sluice -ScriptBlock {
  param($current, $ast, $position)
  $commands = @{
${commands.map(({ name, summary }) => `    ${quoted(name)} = ${quoted(summary)}`).join("\n")}
  }
  $flags = @{
${commands.map(({ name, flags }) => `    ${quoted(name)} = @{\n${flags.flatMap(flagLines).join("\n")}\n    }`).join("\n")}
  }
  $values = @{
${commands.flatMap(valueLines).join("\n")}
  }
  $words = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { $_.ToString() })
  $command = $words | Select-Object -Skip 1 | Where-Object { $_ -notlike '-*' } | Select-Object -First 1
  $before = $words[-1]
  $found = if (-not $command) { $commands }
    elseif ($flags[$command].ContainsKey("$before ")) { $values["$command $before"] }
    elseif ($current -like '-*') { $flags[$command] }
    else { $values[$command] }
  if ($null -eq $found) { return }
  $found.GetEnumerator() | Where-Object { $_.Key.Trim() -like "$current*" } | Sort-Object Key | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_.Key.Trim(), $_.Key.Trim(), 'ParameterValue', $_.Value)
  }
}
`;

/** A flag that takes a value is marked by a space behind its name. The keys of a table tell no `-p` from `-P`. */
const flagLines = ({ names, description, values }: CompletedFlag): readonly string[] =>
  longOnes(names).map(
    (name) => `      ${quoted(values === undefined ? name : `${name} `)} = ${quoted(description || name)}`,
  );

const valueLines = ({ name, flags, argument }: CompletedCommand): readonly string[] => [
  ...(typeof argument === "object" && argument.length > 0 ? [`    ${quoted(name)} = ${table(argument)}`] : []),
  ...flags.flatMap(({ names, values }) =>
    typeof values === "object"
      ? longOnes(names).map((flag) => `    ${quoted(`${name} ${flag}`)} = ${table(values)}`)
      : [],
  ),
];

const longOnes = (names: readonly string[]): readonly string[] => names.filter((name) => name.startsWith("--"));

const table = (values: readonly string[]): string =>
  `@{ ${values.map((value) => `${quoted(value)} = ${quoted(value)}`).join("; ")} }`;

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
