import { resolve } from "node:path";
import type { Manifest } from "../../run/resume/manifest.ts";
import { mask } from "../../run/resume/masked-words.ts";
import { UsageError } from "../usage-error.ts";
import { type AllFlags, flagsIn } from "./typed-words.ts";

/** The flags that a run was started with, as they mean the same from any folder. */
export const rememberedFlags = (manifest: Manifest | undefined): AllFlags => {
  if (manifest === undefined) return {};
  const { words, cwd, model, prompt, system } = manifest;
  const flags = (words === null ? undefined : flagsIn(words)) ?? {};
  const { fresh: _fresh, retryErrors: _policy, acceptConfigChange: _accepted, output: _output, ...typed } = flags;
  return {
    ...typed,
    ...(model === null ? {} : { model }),
    ...(prompt === null ? {} : { prompt: asText(prompt) }),
    ...(system === null ? {} : { system: asText(system) }),
    ...(typed.config === undefined || cwd === null ? {} : { config: resolve(cwd, typed.config) }),
    ...(Array.isArray(typed.envFile) && cwd !== null
      ? { envFile: typed.envFile.map((file: string) => resolve(cwd, file)) }
      : {}),
  };
};

/** What the rows of an errors file say themselves, and what is about another input. */
export const withoutInput = ({
  prompt: _prompt,
  system: _system,
  param: _param,
  idColumn: _column,
  limit: _limit,
  inputFormat: _format,
  encoding: _encoding,
  inputErrors: _inputErrors,
  maxTokens,
  ...rest
}: AllFlags): AllFlags => ({ ...rest, ...(maxTokens === "auto" ? { maxTokens } : {}), inputFormat: "jsonl" });

/** What is given now holds; parameters of the request are added to the run's own. */
export const mergedFlags = (kept: AllFlags, given: AllFlags): AllFlags => ({
  ...kept,
  ...given,
  ...(kept.param === undefined || given.param === undefined ? {} : { param: [...kept.param, ...given.param] }),
  // Rows may name a model of their own; whoever gives another one now means these rows.
  ...(given.model === undefined ? {} : { overrideModel: true }),
});

/** A text that begins with an at sign would be taken for a file. */
const asText = (text: string): string => (text.startsWith("@") ? `@${text}` : text);

/** Refuses to go by a flag of which only a part was kept. @throws UsageError */
export const checkUnmasked = ({ prompt: _p, system: _s, ...kept }: AllFlags, given: AllFlags, output: string): void => {
  const lost = Object.entries(kept).find(
    ([name, value]) => !Object.hasOwn(given, name) && [value].flat().some((text) => String(text).includes(mask)),
  );
  if (lost === undefined) return;
  const flag = `--${lost[0].replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new UsageError(`${flag} held a secret, which was not kept`, [`next       sluice retry ${output} ${flag} …`]);
};
