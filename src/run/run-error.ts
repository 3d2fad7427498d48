/** What is known about a fault of a run beside its headline. */
export interface RunErrorDetails {
  /** 2: the settings are wrong; 6: an output cannot be written. @default 6 */
  readonly exitCode?: 2 | 6;
  /** Further lines of the message: where, why, what to do next. */
  readonly notes?: readonly string[];
  readonly cause?: unknown;
}

/** A run cannot begin or go on. The message is written for the person who started it; it may have several lines. */
export class RunError extends Error {
  override readonly name = "RunError";
  readonly exitCode: 2 | 6;

  constructor(headline: string, { exitCode = 6, notes = [], cause }: RunErrorDetails = {}) {
    super([headline, ...notes.map((note) => `  ${note}`)].join("\n"), cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
  }
}

/** The refusal of a file that a later version of this program has written. */
export const tooNew = (path: string, version: number, latest: number): RunError =>
  new RunError(
    `cannot go on with ${path}: a newer sluice wrote it (its version is ${version}, this one reads ${latest})`,
    {
      exitCode: 2,
      notes: ["next  update sluice, or choose another output with -o; nothing was changed or sent"],
    },
  );

/** The failure of a file that cannot be written, in words. */
export const unwritable = (path: string, error: unknown, next: string): RunError => {
  if (error instanceof RunError) return error;
  const code = systemCode(error);
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error));
  return new RunError(`cannot write ${path}: ${reason}`, { notes: [next], cause: error });
};

/** The operating system's name for what went wrong, `ENOENT` for one; empty when it was something else. */
export const systemCode = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** A failure of the system that nobody has put into words yet, in words; anything else as it is. */
export const inWords = (path: string, error: unknown): unknown =>
  /^E[A-Z0-9]+$/u.test(systemCode(error))
    ? unwritable(path, error, "repair the cause, then run the same command again")
    : error;

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would grow beyond the largest size",
  EIO: "the disk reports an input/output error",
  EISDIR: "it is a directory",
  EMFILE: "too many files are open",
  ENOENT: "its folder does not exist",
  ENOSPC: "no space is left on the disk",
  ENOTDIR: "a part of the path is not a folder",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
};
