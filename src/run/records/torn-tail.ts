import { appendAll } from "../files/durable-file.ts";
import type { Fs, FsFile } from "../files/fs.ts";

/** What was wrong with the end of a file, and is not any more. */
export interface TailRepair {
  /** How many bytes of an unfinished record were cut off. */
  readonly removedBytes: number;
}

/** What tells the files of a run from others. */
export interface TailKind {
  /** Matches the beginning of a file that has at least one whole line. */
  readonly head: RegExp;
  /** How the first line begins, for a file that has no whole one. */
  readonly firstBytes: string;
}

/** Thrown when a file has an unfinished last line and does not look like one of ours: it is left as it is. */
export class ForeignTail extends Error {
  override readonly name = "ForeignTail";
}

/**
 * Makes a file of records end with a whole line: cuts off an unfinished record, adds a missing newline to a whole one.
 *
 * A process that dies while it writes leaves such an end; appending to it would spoil two records. A file that
 * neither begins with a record nor has the beginning of one as its only line is somebody else's and is not changed.
 *
 * @throws ForeignTail
 */
export const repairTail = async (fs: Fs, path: string, kind: TailKind | "ours"): Promise<TailRepair | undefined> => {
  if ((await fs.stat(path)) === undefined) return undefined;
  const file = await fs.open(path, "change");
  try {
    return await repairOpen(file, kind, () => addNewline(fs, path));
  } finally {
    await file.close();
  }
};

const addNewline = async (fs: Fs, path: string): Promise<void> => {
  const file = await fs.open(path, "append");
  try {
    await appendAll(file, Buffer.from("\n"));
    await file.datasync();
  } finally {
    await file.close();
  }
};

const repairOpen = async (
  file: FsFile,
  kind: TailKind | "ours",
  addNewline: () => Promise<void>,
): Promise<TailRepair | undefined> => {
  const { offset, bytes } = await lastLine(file, await file.size());
  const text = bytes.toString("utf8");
  if (text === "" || (text.trim() === "" && text.endsWith("\n"))) return undefined;
  if (isWhole(text)) {
    if (text.endsWith("\n")) return undefined;
    await addNewline();
    return { removedBytes: 0 };
  }
  if (kind !== "ours" && !(await isOurs(file, offset, text, kind))) throw new ForeignTail();
  await file.truncate(offset);
  await file.datasync();
  return { removedBytes: bytes.length };
};

/** No beginning of a JSON object is itself a JSON object, so a record that parses is whole. */
const isWhole = (text: string): boolean => {
  if (!text.trimEnd().endsWith("}")) return false;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
};

const isOurs = async (file: FsFile, offset: number, tail: string, { head, firstBytes }: TailKind): Promise<boolean> => {
  if (offset === 0) return /^\0*$/u.test(tail) || tail.startsWith(firstBytes) || firstBytes.startsWith(tail);
  const beginning = Buffer.alloc(headBytes);
  return head.test(beginning.toString("utf8", 0, await file.read(beginning, 0)));
};

const headBytes = 4096;

/** The last line with its newline, read from the end backwards, because outputs are large and lines are not. */
const lastLine = async (file: FsFile, size: number): Promise<{ offset: number; bytes: Buffer }> => {
  let bytes = Buffer.alloc(0);
  let offset = size;
  for (let stepBytes = 64 * 1024; offset > 0; stepBytes *= 2) {
    const length = Math.min(stepBytes, offset);
    const step = Buffer.alloc(length);
    await file.read(step, offset - length);
    offset -= length;
    bytes = Buffer.concat([step, bytes]);
    const before = bytes.lastIndexOf(newline, -2);
    if (bytes.length > 1 && before !== -1) return { offset: offset + before + 1, bytes: bytes.subarray(before + 1) };
  }
  return { offset: 0, bytes };
};

const newline = 0x0a;
