import type { CompletedCommand, CompletedFlag } from "./completed-commands.ts";

/** Completion for fish. */
export const fishScript = (commands: readonly CompletedCommand[]): string =>
  [
    "# sluice: completion for fish",
    "complete -c sluice -f",
    ...commands.map(
      ({ name, summary }) => `complete -c sluice -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ),
    ...commands.flatMap(commandLines),
    "",
  ].join("\n");

const commandLines = ({ name, flags, argument }: CompletedCommand): readonly string[] => {
  const inCommand = `complete -c sluice -n '__fish_seen_subcommand_from ${name}'`;
  const rest = argument === "path" ? ["-F"] : typeof argument === "object" ? words(argument) : [];
  return [
    ...(rest.length === 0 ? [] : [`${inCommand} ${rest.join(" ")}`]),
    ...flags.map((flag) => `${inCommand} ${flagWords(flag).join(" ")}`),
  ];
};

const flagWords = ({ names, description, values }: CompletedFlag): readonly string[] => [
  ...names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)),
  ...(values === undefined
    ? []
    : values === "path"
      ? ["-r -F"]
      : values === "unknown"
        ? ["-x"]
        : ["-x", ...words(values)]),
  `-d ${quoted(description)}`,
];

const words = (values: readonly string[]): readonly string[] =>
  values.length === 0 ? [] : [`-a ${quoted(values.join(" "))}`];

const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
