import type { CompletedCommand, CompletedFlag } from "./completed-commands.ts";
import type { Values } from "./values.ts";

/** Completion for zsh: to be sourced, or kept as `_sluice` in a folder of `fpath`. */
export const zshScript = (commands: readonly CompletedCommand[]): string => `#compdef sluice
# sluice: completion for zsh
${commands.map(commandFunction).join("\n")}
_sluice() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary.replaceAll(":", "\\:")}`)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe -t commands 'sluice command' commands
    return
  fi
  local name=$words[2]
  shift words
  (( CURRENT-- ))
  if (( $+functions[_sluice_$name] )); then _sluice_$name; fi
}
if [[ $funcstack[1] = _sluice ]]; then
  _sluice "$@"
elif (( $+functions[compdef] )); then
  compdef _sluice sluice
else
  autoload -Uz compinit && compinit && compdef _sluice sluice
fi
`;

const commandFunction = ({ name, flags, argument }: CompletedCommand): string => {
  const rest = argument.length === 0 ? [] : [quoted(`*:argument:${action(argument)}`)];
  return `_sluice_${name}() {
  _arguments -S \\
${[...flags.flatMap(flagSpecs), ...rest].map((spec) => `    ${spec}`).join(" \\\n")}
}`;
};

/** One for each of its names, which exclude nothing: flags may be repeated. */
const flagSpecs = ({ names, description, values }: CompletedFlag): readonly string[] =>
  names.map((name) => {
    const text = description.replaceAll(/[[\]\\]/g, (sign) => `\\${sign}`);
    const value = values === undefined ? "" : `:value:${action(values)}`;
    return quoted(`*${name}${values !== undefined && name.startsWith("--") ? "=" : ""}[${text}]${value}`);
  });

const action = (values: Values): string =>
  values === "path" ? "_files" : values === "unknown" ? " " : `(${values.join(" ")})`;

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
