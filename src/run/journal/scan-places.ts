import type { Fs } from "../files/fs.ts";
import { maxRecordBytes } from "../records/record-file.ts";
import { readFailure, readRecord } from "../records/record-line.ts";
import { RunError } from "../run-error.ts";
import { type Line, readLines } from "../source/lines.ts";
import type { RowIndex } from "../source/row-index.ts";
import { PlaceTable } from "./place-table.ts";
import type { RowPlaces } from "./row-places.ts";

/** How places are found. */
export interface ScanOptions {
  /** `answers`: the first success of a row counts; `failures`: its last one. @default 'answers' */
  readonly of?: "answers" | "failures";
  readonly signal?: AbortSignal | undefined;
  /** Told of each record that is of no row of the input. @default nobody */
  readonly onStranger?: (id: string) => void;
}

/** Finds the records of rows by reading the file once; a missing file has none. @throws RunError for a line that is no record */
export const scanPlaces = async (
  fs: Fs,
  path: string,
  index: Pick<RowIndex, "rows" | "find">,
  { of = "answers", signal, onStranger = () => {} }: ScanOptions = {},
): Promise<RowPlaces> => {
  const places = new PlaceTable(index.rows);
  const parse = of === "answers" ? readRecord : readFailure;
  await eachRecordLine(fs, path, signal, (line) => {
    const record = parse(line);
    if (typeof record !== "object") return refuse(path, line);
    const row = index.find(record.customId);
    if (row === undefined) return onStranger(record.customId);
    if (of === "failures" || ("ok" in record && record.ok && !places.has(row))) places.set(row, placeOf(line));
  });
  return places;
};

/** Visits every line of a file of records that is whole; the last one may be in the middle of being written. */
export const eachRecordLine = async (
  fs: Fs,
  path: string,
  signal: AbortSignal | undefined,
  visit: (line: Line) => void,
): Promise<void> => {
  if ((await fs.stat(path)) === undefined) return;
  for await (const lines of readLines(path, { fs, signal, maxLineBytes: maxRecordBytes })) {
    for (const line of lines) if (line.complete && !line.isBlank) visit(line);
  }
};

const refuse = (path: string, line: Line): never => {
  throw new RunError(`cannot read ${path}: line ${line.number.toLocaleString("en")} is no record of a run`, {
    notes: ["each line must have a custom_id with a response or an error", "nothing was changed in it"],
  });
};

/** A byte order mark belongs to the file and not to its first record. */
const placeOf = ({ offset, length, bytes }: Line): { readonly offset: number; readonly length: number } => {
  const mark = offset === 0 && length - bytes.length >= 4 ? 3 : 0;
  return { offset: offset + mark, length: length - mark };
};
