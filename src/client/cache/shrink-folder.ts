import type { Dirent } from "node:fs";
import { opendir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unlessAbsent } from "./unless-absent.ts";

/** What a file takes on disk: whole blocks. */
export const bytesOnDisk = (bytes: number): number => blockBytes * Math.max(1, Math.ceil(bytes / blockBytes));

const blockBytes = 4096;

/** How far a folder is to be shrunk. */
export interface ShrinkOptions {
  /** Nothing happens to a folder that holds no more. */
  readonly maxBytes: number;
  readonly keptBytes: number;
  /** By the clock of the files. */
  readonly now: number;
}

/**
 * Removes files from the folders in a folder, those first that were longest not used, by their time of change; and what
 * processes left half-written when they died. It goes over the folder twice in little memory, instead of remembering a million files. One
 * process does it at a time: several would each remove what one has to.
 */
export const shrinkFolder = async (folder: string, options: ShrinkOptions): Promise<void> => {
  const lock = join(folder, "shrinking");
  if (!(await isTaken(lock, options.now))) return;
  try {
    await shrink(folder, options);
  } finally {
    await rm(lock, { force: true });
  }
};

const isTaken = async (lock: string, now: number): Promise<boolean> => {
  try {
    return (await unlessAbsent(writeFile(lock, "", { flag: "wx", mode: 0o600 }).then(() => true))) ?? false;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    const held = await unlessAbsent(stat(lock));
    // Left behind by a process that died; the next look will take it.
    if (held !== undefined && now - held.mtimeMs > leftBehindMs) await rm(lock, { force: true });
    return false;
  }
};

const shrink = async (folder: string, { maxBytes, keptBytes, now }: ShrinkOptions): Promise<void> => {
  const bytesOf = new Map<number, number>();
  let total = 0;
  for await (const { path, step, bytes } of filesIn(folder)) {
    if (path.endsWith(".tmp")) {
      if (now - step * stepMs > leftBehindMs) await rm(path, { force: true });
      continue;
    }
    total += bytes;
    bytesOf.set(step, (bytesOf.get(step) ?? 0) + bytes);
  }
  if (total > maxBytes) await removeOldest(folder, oldestFirst(bytesOf, total - keptBytes));
};

/** Of each step of time, how much is to go. */
const oldestFirst = (bytesOf: ReadonlyMap<number, number>, excess: number): Map<number, number> => {
  const goes = new Map<number, number>();
  let left = excess;
  for (const [step, bytes] of [...bytesOf].toSorted(([a], [b]) => a - b)) {
    if (left <= 0) break;
    goes.set(step, Math.min(bytes, left));
    left -= bytes;
  }
  return goes;
};

const removeOldest = async (folder: string, goes: Map<number, number>): Promise<void> => {
  for await (const { path, step, bytes } of filesIn(folder)) {
    const left = goes.get(step) ?? 0;
    if (left <= 0 || path.endsWith(".tmp")) continue;
    goes.set(step, left - bytes);
    await rm(path, { force: true });
  }
};

/** Times are told apart by ten minutes. */
const stepMs = 600_000;

/** No process takes longer to write one file, or to go over the folder. */
const leftBehindMs = 3_600_000;

interface FoundFile {
  readonly path: string;
  readonly step: number;
  readonly bytes: number;
}

async function* filesIn(folder: string): AsyncGenerator<FoundFile, void, undefined> {
  for await (const shard of entriesOf(folder)) {
    if (!/^[0-9a-f]{2}$/.test(shard.name) || !shard.isDirectory()) continue;
    for await (const { name } of entriesOf(join(folder, shard.name))) {
      const path = join(folder, shard.name, name);
      // Another process may have removed it just now.
      const found = await stat(path).catch(() => undefined);
      if (found?.isFile() !== true) continue;
      yield { path, step: Math.floor(found.mtimeMs / stepMs), bytes: bytesOnDisk(found.size) };
    }
  }
}

async function* entriesOf(folder: string): AsyncGenerator<Dirent, void, undefined> {
  const opened = await unlessAbsent(opendir(folder));
  if (opened !== undefined) yield* opened;
}
