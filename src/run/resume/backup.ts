import { mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import type { OutputPaths } from "../paths.ts";
import { exists } from "../records/record-file.ts";

/** What belongs to the run that is just beginning. */
const stays: ReadonlySet<string> = new Set(["lock", "stdin.spool"]);

/** Gives everything that earlier runs wrote another name, and says which; nothing is deleted. */
export const backUp = async ({ output, errors, folder }: OutputPaths, wallNow: number): Promise<string[]> => {
  const ending = `.bak-${new Date(wallNow).toISOString().replaceAll(/[-:]|\.\d+/gu, "")}`;
  const made: string[] = [];
  for (const path of [output, errors]) {
    if (!(await exists(path))) continue;
    const backup = await unused(path + ending);
    await rename(path, backup);
    made.push(backup);
  }
  const entries = (await readdir(folder)).filter((name) => !stays.has(name));
  if (entries.length === 0) return made;
  const backup = await unused(folder + ending);
  await mkdir(backup);
  for (const name of entries) await rename(join(folder, name), join(backup, name));
  return [...made, backup];
};

const unused = async (path: string): Promise<string> => {
  let candidate = path;
  for (let count = 2; await exists(candidate); count++) candidate = `${path}-${count}`;
  return candidate;
};
