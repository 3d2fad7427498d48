import type { CompletedCommand, CompletedFlag } from "./completed-commands.ts";

/** Completion for bash, from 3.2 on, as macOS has it. */
export const bashScript = (commands: readonly CompletedCommand[]): string => `# sluice: completion for bash
_sluice() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command= words= paths= word
  # bash takes --flag=value for three words.
  if [ "$current" = "=" ]; then current=; elif [ "$before" = "=" ]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in -*) ;; *) command=$word; break ;; esac
  done
  case $command in
${commands.map(commandCase).join("\n")}
    *) words="${commands.map(({ name }) => name).join(" ")} --help --version" ;;
  esac
  COMPREPLY=()
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(
    compgen -W "$words" -- "$current"
    if [ -n "$paths" ]; then compgen -f -- "$current"; fi
  )
  if [ -n "$paths" ]; then compopt -o filenames 2>/dev/null; fi
  case "\${COMPREPLY[0]}" in */ | *=) compopt -o nospace 2>/dev/null ;; esac
}
complete -F _sluice sluice
`;

const commandCase = ({ name, flags, argument }: CompletedCommand): string => {
  const names = flags.flatMap((flag) => flag.names).join(" ");
  const others = typeof argument === "object" ? `words="${argument.join(" ")}"` : argument === "path" ? "paths=1" : ":";
  return `    ${name})
      case $before in
${flags
  .filter(({ values }) => values !== undefined)
  .map(flagCase)
  .join("\n")}
        *) case $current in -*) words="${names}" ;; *) ${others} ;; esac ;;
      esac ;;`;
};

const flagCase = ({ names, values }: CompletedFlag): string => {
  const action = typeof values === "object" ? `words="${values.join(" ")}"` : values === "path" ? "paths=1" : ":";
  return `        ${names.join(" | ")}) ${action} ;;`;
};
