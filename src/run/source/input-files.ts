import { resolve, sep } from "node:path";
import type { Fs } from "../files/fs.ts";
import { InputError } from "./input-error.ts";

/** What a run is given: a path, a pattern such as `data/*.jsonl`, or several of either; `-` is the standard input. */
export type InputPaths = string | readonly string[];

/** How the files of an input are found. */
export interface InputFilesOptions {
  readonly fs: Fs;
  /** Files that no pattern means, though it may match them: what the run itself writes. */
  readonly apart?: readonly string[];
}

/**
 * The files that are meant, in the order in which they were given and, of one pattern, in that of their names. A path that
 * there is means itself, whatever letters it has.
 *
 * @throws InputError when a pattern matches nothing, or a file is given twice
 */
export const inputFiles = async (input: InputPaths, options: InputFilesOptions): Promise<readonly string[]> => {
  const given = typeof input === "string" ? [input] : input;
  if (given.length > 1 && given.includes("-")) {
    throw new InputError("the standard input cannot be one of several inputs", {
      notes: ["give it alone, or put it into a file first"],
    });
  }
  const files = new Map<string, string>();
  for (const path of given) {
    const matches = await matchesOf(path, options);
    if (matches === undefined && files.has(resolve(path))) throw givenTwice(path);
    for (const file of matches ?? [path]) files.set(resolve(file), files.get(resolve(file)) ?? file);
  }
  return [...files.values()];
};

/** What a run calls its input in one line. */
export const inputText = (input: InputPaths): string => {
  const files = typeof input === "string" ? [input] : input;
  const shown = files.slice(0, 3).join(", ");
  return files.length <= 3 ? shown : `${shown} and ${(files.length - 3).toLocaleString("en")} more`;
};

/** The files that a pattern means; nothing when the path is none. */
const matchesOf = async (
  path: string,
  { fs, apart = [] }: InputFilesOptions,
): Promise<readonly string[] | undefined> => {
  if (path === "-" || !mayBePattern.test(path) || (await fs.stat(path)) !== undefined) return undefined;
  const { glob } = await import("tinyglobby");
  const pattern = sep === "/" ? path : path.replaceAll(sep, "/");
  const written = apart.map((file) => resolve(file));
  const isWritten = (file: string): boolean => written.some((own) => file === own || file.startsWith(own + sep));
  // The folder in which the pattern begins, so that nothing outside of it is looked through.
  const folder = pattern.slice(0, pattern.slice(0, pattern.search(mayBePattern)).lastIndexOf("/") + 1);
  const found = await glob(pattern.slice(folder.length), { expandDirectories: false, ...(folder && { cwd: folder }) });
  const matches = found.map((file) => folder + file).filter((file) => !isWritten(resolve(file)));
  if (matches.length === 0) throw new InputError(`cannot read ${path}: no file matches`, { exitCode: 6 });
  return matches.toSorted();
};

const mayBePattern = /[*?[\]{}()!]/;

const givenTwice = (path: string): InputError =>
  new InputError(`the input ${path} is given twice`, { notes: ["each of its rows would be paid for twice"] });
