import type { Fs } from "../files/fs.ts";
import { fingerprintOf } from "../source/fingerprint.ts";

/** By what a changed input is known from run to run. */
export interface InputFingerprint {
  readonly size: number;
  /** ISO time; a copy has another one, so it is for people. */
  readonly modified_at: string;
  /** Of its beginning and its end. */
  readonly hash: string;
}

/** The fingerprint of a file; `undefined` when it cannot be read. */
export const inputFingerprint = async (fs: Fs, path: string): Promise<InputFingerprint | undefined> => {
  if ((await fs.stat(path))?.kind !== "file") return undefined;
  const { size, modifiedAt, head, tail } = await fingerprintOf(path, fs);
  return { size, modified_at: new Date(modifiedAt).toISOString(), hash: `${head.slice(0, 12)}-${tail.slice(0, 12)}` };
};

/** Whether two fingerprints can be of the same content. */
export const sameContent = (one: InputFingerprint | null, other: InputFingerprint | null): boolean =>
  one?.size === other?.size && one?.hash === other?.hash;
