import type { Fs } from "../files/fs.ts";
import { recordKind, type NoRecord } from "./record-line.ts";
import { RunError, unwritable } from "../run-error.ts";
import { readLines, type Line } from "../source/lines.ts";
import { ForeignTail, repairTail, type TailKind } from "./torn-tail.ts";

/** Repairs the end of a file of records, if it needs that; a missing file is fine. @param kind how to tell that it is ours, where that is not known. @throws RunError */
export const repairRecords = async (
  fs: Fs,
  path: string,
  warn: (message: string) => void,
  kind: TailKind | "ours" = recordKind,
): Promise<void> => {
  try {
    const repair = await repairTail(fs, path, kind);
    if (repair === undefined) return;
    // What a power loss has left before a torn line may be no better.
    if (kind === "ours") await repairRecords(fs, path, () => {}, kind);
    warn(
      repair.removedBytes === 0
        ? `the last line of ${path} had no newline; it was added`
        : `the last line of ${path} was torn; ${repair.removedBytes.toLocaleString("en")} bytes were cut off and its row is sent again`,
    );
  } catch (error) {
    throw error instanceof ForeignTail ? foreign(path, undefined) : unwritable(path, error, otherOutput);
  }
};

/** Reads every record of a file; a missing file has none. @throws RunError for a line that is no record */
export const readRecords = async <T extends object>(
  fs: Fs,
  path: string,
  parse: (line: Line) => T | NoRecord,
  visit: (record: T, line: Line) => void,
  signal?: AbortSignal,
): Promise<void> => {
  if ((await fs.stat(path)) === undefined) return;
  for await (const lines of readRecordLines(fs, path, signal)) {
    for (const line of lines) {
      const record = parse(line);
      if (typeof record === "object") visit(record, line);
      else if (!line.isBlank) throw notRecord(record, path, line);
    }
  }
};

/** The lines of a file of records, in batches. */
export const readRecordLines = (fs: Fs, path: string, signal?: AbortSignal): AsyncGenerator<readonly Line[]> =>
  readLines(path, { fs, maxLineBytes: maxRecordBytes, ...(signal === undefined ? {} : { signal }) });

/** Answers may be long; a record beyond this cannot have been written by a run. */
export const maxRecordBytes: number = 256 * 1024 * 1024;

/** The failure of a file in which a line is no record. */
export const notRecord = (why: NoRecord, path: string, line: Line): RunError =>
  why === "damaged" ? damaged(path, line) : foreign(path, line);

const otherOutput = "choose another output with -o";

const foreign = (path: string, line: Line | undefined): RunError =>
  new RunError(`cannot write ${path}: it exists and is not the output of a run`, {
    notes: [
      ...(line === undefined ? [] : [`line ${line.number.toLocaleString("en")} has no custom_id with a response`]),
      "nothing was changed in it, and nothing was sent",
      `next  ${otherOutput}, or keep it under another name with --fresh`,
    ],
  });

const damaged = (path: string, line: Line): RunError =>
  new RunError(`cannot continue ${path}: line ${line.number.toLocaleString("en")} is damaged (not valid JSON)`, {
    notes: [
      "only the last line of an output may be unfinished, so something else has changed this file",
      `next  remove line ${line.number}: its row is sent again; or begin anew with --fresh, which keeps the file`,
    ],
  });
