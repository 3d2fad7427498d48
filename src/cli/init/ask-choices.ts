import type { Host } from "../host.ts";
import { type ConfigFormat, configFormats } from "./config-file.ts";
import type { InitWords } from "./init-words.ts";
import { keyOf, type TemplateName, templateNames, templateOf } from "./templates.ts";

/** What is to be written. */
export interface InitChoices {
  readonly template: TemplateName;
  readonly format: ConfigFormat;
  /** Whether git shall ignore `.env`. */
  readonly ignoreKeys: boolean;
}

/** What is known already, and what is worth asking. */
export interface InitQuestions {
  readonly known: Partial<InitChoices>;
  readonly usual: InitChoices;
  /** Whether there is a repository in which `.env` is not ignored. */
  readonly mayIgnoreKeys: boolean;
}

/** Asks on the terminal for what was not said; `undefined` when the user leaves. */
export const askChoices = async (
  { known, usual, mayIgnoreKeys }: InitQuestions,
  words: InitWords,
  { environment, stdin, stderr }: Pick<Host, "environment" | "stdin" | "stderr">,
): Promise<InitChoices | undefined> => {
  const { confirm, isCancel, select } = await import("@clack/prompts");
  const streams = { input: stdin, output: stderr };
  const template =
    known.template ??
    (await select<TemplateName>({
      ...streams,
      message: words.which,
      initialValue: usual.template,
      options: templateNames.map((value) => ({ value, label: value, hint: hintOf(value, words, environment) })),
    }));
  if (isCancel(template)) return undefined;
  const format =
    known.format ??
    (await select<ConfigFormat>({
      ...streams,
      message: words.writtenIn,
      initialValue: usual.format,
      options: configFormats.map((value) => ({ value, label: `sluice.config.${value}` })),
    }));
  if (isCancel(format)) return undefined;
  const ignoreKeys =
    known.ignoreKeys ??
    (mayIgnoreKeys && (await confirm({ ...streams, message: words.ignoreKeys, initialValue: usual.ignoreKeys })));
  return isCancel(ignoreKeys) ? undefined : { template, format, ignoreKeys };
};

const hintOf = (name: TemplateName, words: InitWords, environment: Host["environment"]): string => {
  const { model } = templateOf(name, environment);
  const { found } = keyOf(model, environment);
  return [words.template[name], model, ...(found === undefined ? [] : [words.keyFound(found)])].join(", ");
};
