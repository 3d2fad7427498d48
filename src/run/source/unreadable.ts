import { basename, dirname, join } from "node:path";
import { closest } from "../../call/did-you-mean.ts";
import type { Fs } from "../files/fs.ts";
import { InputError } from "./input-error.ts";

/** The failure of a file that cannot be read, in words. */
export const unreadable = (name: string, error: unknown): InputError => {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error));
  return new InputError(`cannot read ${name}: ${reason}`, { exitCode: 6, cause: error });
};

/** The failure of a file that is not there; one beside it may have been meant. */
export const missingFile = async (path: string, name: string, fs: Fs): Promise<InputError> => {
  const others = await fs.list(dirname(path)).catch(() => []);
  const meant = closest(basename(path), others);
  return new InputError(`cannot read ${name}: ${reasons["ENOENT"] ?? ""}`, {
    exitCode: 6,
    notes: meant === undefined ? [] : [`did you mean ${join(dirname(name), meant)}?`],
  });
};

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "a part of the path is not a directory",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a directory",
};
