import { join } from "node:path";
import type { OutputPaths } from "../paths.ts";
import type { Fs } from "../files/fs.ts";

/** What belongs to the run that is just beginning. */
const stays: ReadonlySet<string> = new Set(["lock", "stdin.spool"]);

/** Gives everything that earlier runs wrote another name, and says which; nothing is deleted. */
export const backUp = async (fs: Fs, { output, errors, folder }: OutputPaths, wallNow: number): Promise<string[]> => {
  const ending = `.bak-${new Date(wallNow).toISOString().replaceAll(/[-:]|\.\d+/gu, "")}`;
  const made: string[] = [];
  for (const path of [output, errors]) {
    if ((await fs.stat(path)) === undefined) continue;
    const backup = await unused(fs, path + ending);
    await fs.rename(path, backup);
    made.push(backup);
  }
  const entries = (await fs.list(folder)).filter((name) => !stays.has(name));
  if (entries.length === 0) return made;
  const backup = await unused(fs, folder + ending);
  await fs.makeFolder(backup);
  for (const name of entries) await fs.rename(join(folder, name), join(backup, name));
  return [...made, backup];
};

const unused = async (fs: Fs, path: string): Promise<string> => {
  let candidate = path;
  for (let count = 2; (await fs.stat(candidate)) !== undefined; count++) candidate = `${path}-${count}`;
  return candidate;
};
