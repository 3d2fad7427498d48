import { createHash } from "node:crypto";
import type { Fs } from "../files/fs.ts";

/** By what a changed input is known without reading all of it. */
export interface InputFingerprint {
  readonly size: number;
  /** ISO time; a copy has another one, so it is for people. */
  readonly modified_at: string;
  /** Of the first and the last 64 KiB. */
  readonly hash: string;
}

const endBytes = 64 * 1024;

/** The fingerprint of a file; `undefined` when it cannot be read. */
export const inputFingerprint = async (fs: Fs, path: string): Promise<InputFingerprint | undefined> => {
  const found = await fs.stat(path);
  if (found?.kind !== "file") return undefined;
  const file = await fs.open(path, "read");
  try {
    const hash = createHash("sha256");
    const buffer = Buffer.alloc(endBytes);
    for (const position of new Set([0, Math.max(0, found.size - endBytes)])) {
      hash.update(buffer.subarray(0, await file.read(buffer, position)));
    }
    return {
      size: found.size,
      modified_at: new Date(found.modifiedAt).toISOString(),
      hash: hash.digest("hex").slice(0, 16),
    };
  } finally {
    await file.close();
  }
};

/** Whether two fingerprints can be of the same content. */
export const sameContent = (one: InputFingerprint | null, other: InputFingerprint | null): boolean =>
  one?.size === other?.size && one?.hash === other?.hash;
