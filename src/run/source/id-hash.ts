import { hash } from "node:crypto";

/** 64 bits of a cryptographic hash of an id, which nobody can make two ids share by choosing them. */
export interface IdHash {
  readonly high: number;
  readonly low: number;
}

/** The hash of a row's id: what files and tables keep in its place. */
export const idHash = (id: string): IdHash => {
  const digest = hash("sha256", id);
  return { high: Number.parseInt(digest.slice(0, 8), 16), low: Number.parseInt(digest.slice(8, 16), 16) };
};
