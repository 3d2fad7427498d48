import { InputError } from "./input-error.ts";

/** The failure of a file that cannot be read, in words. */
export const unreadable = (name: string, error: unknown): InputError => {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error));
  return new InputError(`cannot read ${name}: ${reason}`, { exitCode: 6, cause: error });
};

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "a part of the path is not a directory",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a directory",
};
