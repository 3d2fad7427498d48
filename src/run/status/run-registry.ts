import { dirname } from "node:path";
import { isJsonObject } from "../../call/json.ts";
import type { Fs } from "../files/fs.ts";
import { readSmallFile, writeSmallFile } from "../files/small-file.ts";

/** A run that was made on this machine. */
export interface KnownRun {
  /** An absolute path. */
  readonly output: string;
  readonly started_at: string;
}

const mostRuns = 200;

/** The runs that a registry knows, the newest first, each output once; a registry that cannot be read knows none. */
export const knownRuns = async (fs: Fs, path: string): Promise<readonly KnownRun[]> => {
  const newest = new Map<string, KnownRun>();
  for (const run of (await readRuns(fs, path)).toReversed()) {
    if (!newest.has(run.output)) newest.set(run.output, run);
  }
  return [...newest.values()].slice(0, mostRuns);
};

/** Enters a run. A registry that cannot be written is left as it is: no run fails for it. */
export const registerRun = async (fs: Fs, path: string, run: KnownRun): Promise<void> => {
  try {
    await makeFolders(fs, dirname(path));
    // One append of one line: two runs that begin together spoil nothing.
    const file = await fs.open(path, "append");
    try {
      await file.append(Buffer.from(`${JSON.stringify(run)}\n`));
    } finally {
      await file.close();
    }
    const runs = await readRuns(fs, path);
    if (runs.length <= 2 * mostRuns) return;
    await writeSmallFile(
      fs,
      path,
      runs
        .slice(-mostRuns)
        .map((known) => `${JSON.stringify(known)}\n`)
        .join(""),
    );
  } catch {
    // It is only how `sluice status` finds the run.
  }
};

const readRuns = async (fs: Fs, path: string): Promise<readonly KnownRun[]> => {
  try {
    const text = (await readSmallFile(fs, path)) ?? "";
    return text.split("\n").flatMap(parseRun);
  } catch {
    return [];
  }
};

const parseRun = (line: string): readonly KnownRun[] => {
  try {
    const value: unknown = JSON.parse(line);
    if (!isJsonObject(value)) return [];
    const { output, started_at } = value;
    return typeof output === "string" && typeof started_at === "string" ? [{ output, started_at }] : [];
  } catch {
    return [];
  }
};

const makeFolders = async (fs: Fs, folder: string): Promise<void> => {
  if ((await fs.stat(folder)) !== undefined) return;
  if (dirname(folder) !== folder) await makeFolders(fs, dirname(folder));
  await fs.makeFolder(folder);
};
