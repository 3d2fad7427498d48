import { stat } from "node:fs/promises";
import { recordKind, type NoRecord } from "./record-line.ts";
import { RunError, systemCode, unwritable } from "../run-error.ts";
import { readLines, type Line } from "../source/lines.ts";
import { ForeignTail, repairTail, type TailKind } from "./torn-tail.ts";

/** Repairs the end of a file of records, if it needs that; a missing file is fine. @throws RunError */
export const repairRecords = async (
  path: string,
  warn: (message: string) => void,
  kind: TailKind = recordKind,
): Promise<void> => {
  try {
    const repair = await repairTail(path, kind);
    if (repair === undefined) return;
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
  path: string,
  parse: (line: Line) => T | NoRecord,
  visit: (record: T, line: Line) => void,
  signal?: AbortSignal,
): Promise<void> => {
  if (!(await exists(path))) return;
  for await (const lines of readRecordLines(path, signal)) {
    for (const line of lines) {
      const record = parse(line);
      if (typeof record === "object") visit(record, line);
      else if (line.text.trim() !== "") throw record === "damaged" ? damaged(path, line) : foreign(path, line);
    }
  }
};

/** The lines of a file of records, in batches. */
export const readRecordLines = (path: string, signal?: AbortSignal): AsyncGenerator<readonly Line[]> =>
  readLines(path, { maxLineBytes, ...(signal === undefined ? {} : { signal }) });

/** Whether there is something of that name. */
export const exists = async (path: string): Promise<boolean> => {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw unwritable(path, error, otherOutput);
  }
};

/** Answers may be long; a record beyond this cannot have been written by a run. */
const maxLineBytes = 256 * 1024 * 1024;

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
