import { createHash } from "node:crypto";
import type { Fs, FsFile } from "../files/fs.ts";
import { openToRead } from "./chunks.ts";
import { unreadable } from "./unreadable.ts";

/** What a file was when it was looked at: enough to notice nearly every change without reading all of it. */
export interface Fingerprint {
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  /** A hash of its first 64 KiB. */
  readonly head: string;
  /** A hash of its last 64 KiB. */
  readonly tail: string;
}

/** What has become of a file since then; `touched` is one that was written to and looks as it did. */
export type FileChange = "same" | "touched" | "grown" | "other";

/** Looks at a file. @throws InputError when it cannot be read */
export const fingerprintOf = (path: string, fs: Fs, name: string = path): Promise<Fingerprint> =>
  looked(path, name, fs, async (file, modifiedAt) => ({ modifiedAt, ...(await hashes(file, await file.size())) }));

/** Compares a file with what it was; one that has grown has new bytes behind the old ones. @throws InputError when it cannot be read */
export const changeSince = (path: string, before: Fingerprint, fs: Fs, name: string = path): Promise<FileChange> =>
  looked(path, name, fs, async (file, modifiedAt) => {
    const size = await file.size();
    if (size < before.size) return "other";
    const { head, tail } = await hashes(file, before.size);
    if (head !== before.head || tail !== before.tail) return "other";
    if (size > before.size) return "grown";
    return modifiedAt === before.modifiedAt ? "same" : "touched";
  });

const looked = async <T>(
  path: string,
  name: string,
  fs: Fs,
  look: (file: FsFile, modifiedAt: number) => Promise<T>,
): Promise<T> => {
  const file = await openToRead(path, name, fs);
  try {
    const found = await fs.stat(path);
    return await look(file, found?.modifiedAt ?? 0);
  } catch (error) {
    throw unreadable(name, error);
  } finally {
    await file.close();
  }
};

const endBytes = 64 * 1024;

const hashes = async (file: FsFile, size: number): Promise<Pick<Fingerprint, "size" | "head" | "tail">> => {
  const length = Math.min(size, endBytes);
  return { size, head: await hashAt(file, 0, length), tail: await hashAt(file, size - length, length) };
};

const hashAt = async (file: FsFile, position: number, length: number): Promise<string> => {
  const bytes = new Uint8Array(length);
  const taken = await file.read(bytes, position);
  return createHash("sha256").update(bytes.subarray(0, taken)).digest("hex").slice(0, 32);
};
