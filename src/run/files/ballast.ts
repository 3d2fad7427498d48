import { randomFillSync } from "node:crypto";
import { dirname } from "node:path";
import { appendAll } from "./durable-file.ts";
import type { Fs } from "./fs.ts";

/** Room on the disk that is kept for answers which have been paid for when the disk is full. */
export interface Ballast {
  /** Gives the room free; whether there was any. */
  release(): Promise<boolean>;
}

/**
 * Fills a file to keep room, half of what is free at most: the run itself needs some. A disk that has not enough is no
 * reason not to begin: what there is, is kept.
 *
 * @param bytes how much.
 */
export const keepBallast = async (fs: Fs, path: string, bytes: number): Promise<Ballast> => {
  // A file system that cannot tell may have all of it.
  const free = await fs.freeBytes(dirname(path)).catch(() => Infinity);
  await fill(fs, path, Math.min(bytes, Math.floor(free / 2)));
  let kept = true;
  return {
    release: async () => {
      if (!kept) return false;
      kept = false;
      await fs.remove(path);
      return true;
    },
  };
};

const fill = async (fs: Fs, path: string, bytes: number): Promise<void> => {
  try {
    const file = await fs.open(path, "replace");
    try {
      // Zeros would take no room on a file system that compresses.
      const piece = randomFillSync(new Uint8Array(Math.min(bytes, 1024 * 1024)));
      for (let left = bytes; left > 0; left -= piece.length) await appendAll(file, piece.subarray(0, left));
    } finally {
      await file.close();
    }
  } catch {
    // The first answer that does not fit will tell.
  }
};
