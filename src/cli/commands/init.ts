import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { addEnvFiles } from "../config/env-files.ts";
import { wantsChinese } from "../display/terminal-style.ts";
import type { Host } from "../host.ts";
import { askChoices, type InitChoices, type InitQuestions } from "../init/ask-choices.ts";
import { type ConfigFormat, configFormats, configText } from "../init/config-file.ts";
import { type InitWords, initWords } from "../init/init-words.ts";
import { ignoreEnvFile, sharesKeys, writeNewFiles } from "../init/new-files.ts";
import { keyOf, type Template, templateNames, templateOf } from "../init/templates.ts";
import { parseChoice } from "../parse/parse-choice.ts";
import { shellCommand } from "../run/shell-command.ts";
import { UsageError } from "../usage-error.ts";

/** The flags of `sluice init`, as they were typed. */
export interface InitFlags {
  readonly template?: string;
  readonly format?: string;
  readonly gitignore?: boolean;
  readonly yes?: boolean;
  readonly force?: boolean;
}

/** `sluice init`: writes a configuration and an input to begin with. @throws UsageError */
export const init = async (flags: InitFlags, host: Host): Promise<number> => {
  const { folder, stderr } = host;
  const inChinese = wantsChinese(host.environment);
  const words = initWords(inChinese);
  await addEnvFiles({}, host);
  const choices = await choicesOf(flags, words, host);
  if (choices === undefined) {
    stderr.write(`${words.cancelled}\n`);
    return 130;
  }
  checkOnlyConfig(folder, choices.format);
  const template = templateOf(choices.template, host.environment);
  const example = template.example(inChinese);
  const config = `sluice.config.${choices.format}`;
  await writeNewFiles(
    folder,
    [
      { name: config, text: configOf(template, choices.format, words, host) },
      { name: example.file, text: example.text },
    ],
    flags.force === true,
  );
  if (choices.ignoreKeys) await ignoreEnvFile(folder);
  stderr.write(
    [
      `${words.wrote}  ${config}, ${example.file}`,
      ...(choices.ignoreKeys ? [`${words.changed}  .gitignore`] : []),
      "",
      ...nextLines(template, example.words, words, host),
      "",
    ].join("\n"),
  );
  return 0;
};

const choicesOf = async (flags: InitFlags, words: InitWords, host: Host): Promise<InitChoices | undefined> => {
  const { template, format, gitignore, yes = false } = flags;
  const known: InitQuestions["known"] = {
    ...(template === undefined ? {} : { template: parseChoice(template, "--template", templateNames) }),
    ...(format === undefined ? {} : { format: parseChoice(format, "--format", configFormats) }),
    ...(gitignore === undefined ? {} : { ignoreKeys: gitignore }),
  };
  const usual: InitChoices = { template: "basic", format: usualFormat(host), ignoreKeys: false };
  if (yes) return { ...usual, ...known };
  if (!host.stdin.isTTY || !host.stderr.isTTY) {
    throw new UsageError("there is no terminal to ask on  (nothing was written)", [
      "next       sluice init --yes, and what is to be otherwise: --template deepseek --format yaml",
      `templates  ${templateNames.join(", ")}`,
    ]);
  }
  const mayIgnoreKeys = await sharesKeys(host.folder);
  return askChoices({ known, usual: { ...usual, ignoreKeys: true }, mayIgnoreKeys }, words, host);
};

/** TypeScript where there is a JavaScript project, and YAML elsewhere. */
const usualFormat = ({ folder }: Host): ConfigFormat => (existsSync(join(folder, "package.json")) ? "ts" : "yaml");

/** Of several configurations in a folder one is read, and the others are only believed to be. */
const checkOnlyConfig = (folder: string, format: ConfigFormat): void => {
  const endings = ["ts", "mts", "js", "mjs", "json", "yaml", "yml"].filter((ending) => ending !== format);
  const other = endings.map((ending) => `sluice.config.${ending}`).find((name) => existsSync(join(folder, name)));
  if (other === undefined) return;
  throw new UsageError(
    `${other} is there already, and only one configuration of a folder is read  (nothing was written)`,
    ["fix        remove it, or change it by hand; sluice config --origin shows what holds"],
  );
};

const configOf = ({ model }: Template, format: ConfigFormat, words: InitWords, host: Host): string => {
  const { required, variable, found } = keyOf(model, host.environment);
  return configText(format, {
    model,
    ...(required ? { keyVariable: found ?? variable } : {}),
    installed: isInstalled(host.folder),
    words,
  });
};

const isInstalled = (folder: string): boolean => {
  if (existsSync(join(folder, "node_modules", "sluice", "package.json"))) return true;
  const above = dirname(folder);
  return above !== folder && isInstalled(above);
};

const nextLines = (
  { model }: Template,
  example: readonly string[],
  words: InitWords,
  { environment }: Host,
): readonly string[] => {
  const { required, variable, found } = keyOf(model, environment);
  // Whoever came by npx has no command of that name.
  const program = environment("npm_command") === "exec" ? ["npx", "sluice"] : ["sluice"];
  return [
    ...(required && found === undefined
      ? [`${words.keyMissing(variable)}  export ${variable}=…   ${words.orInEnvFile}`, ""]
      : []),
    words.next,
    `  ${shellCommand([...program, "doctor", "-m", model])}`,
    `  ${shellCommand([...program, "run", ...example])}`,
  ];
};
