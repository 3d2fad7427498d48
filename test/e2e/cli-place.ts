import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type CommandOptions, type Finished, folder, sluice, writeRows } from "./cli.ts";

/** A folder to run commands in. */
export interface Place {
  readonly at: (name: string) => string;
  /** Runs a command in the folder. */
  readonly here: (words: readonly string[], options?: CommandOptions) => Promise<Finished>;
}

/** A folder with files, and rows to be answered in `in.jsonl`. */
export const place = async (files: Readonly<Record<string, string>>, rows = 10): Promise<Place> => {
  const at = await folder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(at(name)), { recursive: true });
    await writeFile(at(name), text);
  }
  await writeRows(at("in.jsonl"), rows);
  const here: Place["here"] = (words, { environment, ...options } = {}) =>
    sluice(words, { cwd: at("."), environment: { HOME: at("home"), ...environment }, ...options });
  return { at, here };
};
