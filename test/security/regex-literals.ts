import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { masked } from "../tidy/masked.ts";

/** A regular expression of the sources, and where it stands. */
export interface RegexLiteral {
  readonly place: string;
  readonly regex: RegExp;
}

/** The sources, tests left out, with their code in which the insides of strings and expressions are blank. */
export const sources = async (): Promise<readonly { path: string; text: string; code: string }[]> => {
  const names = (await readdir("src", { recursive: true })).filter((name) => /(?<!\.test)\.ts$/.test(name)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const text = (await readFile(join("src", name), "utf8")).replace(/^#!.*/, "");
      return { path: join("src", name), text, code: masked(text) };
    }),
  );
};

/** Every regular expression that is written in the sources. */
export const regexLiterals = async (): Promise<readonly RegexLiteral[]> =>
  (await sources()).flatMap(({ path, text, code }) =>
    found(text, code).map((one) => ({ ...one, place: `${path}:${one.place}` })),
  );

const whole = /\/(?<source>(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/(?<flags>[a-z]*)/y;

/** The mask keeps the slash that opens an expression and blanks what follows; a slash that divides stands before code. */
const found = (text: string, code: string): readonly RegexLiteral[] => {
  const literals: RegexLiteral[] = [];
  for (let at = code.indexOf("/"); at >= 0; at = code.indexOf("/", at + 1)) {
    if (code[at + 1] !== " " || text[at + 1] === " ") continue;
    whole.lastIndex = at;
    const { source, flags } = whole.exec(text)?.groups ?? {};
    if (source === undefined) continue;
    literals.push({ place: String(text.slice(0, at).split("\n").length), regex: new RegExp(source, flags) });
  }
  return literals;
};
