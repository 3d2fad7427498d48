import type { Fs } from "../files/fs.ts";
import { eachRecordLine } from "../journal/scan-places.ts";
import type { OutputPaths } from "../paths.ts";
import { indexIn, readFailure, readRecord } from "../records/record-line.ts";
import type { Line } from "../source/lines.ts";
import { type RowIndex, RowIndexBuilder } from "../source/row-index.ts";

/** The rows that have a record, as far as records tell: in the order that the input had when they were answered. */
export const recordedRows = async (
  fs: Fs,
  { truth, errors }: OutputPaths,
  signal?: AbortSignal,
): Promise<Pick<RowIndex, "rows" | "find">> => {
  const ids = new RowIndexBuilder();
  const places: number[] = [];
  const add =
    (parse: typeof readRecord | typeof readFailure) =>
    (line: Line): void => {
      const record = parse(line);
      if (typeof record !== "object" || ids.addExplicit(record.customId, line.number) !== undefined) return;
      // A record without the row's place comes after those that have one.
      places.push(indexIn(line) ?? Number.MAX_SAFE_INTEGER);
    };
  await eachRecordLine(fs, truth, signal, add(readRecord));
  await eachRecordLine(fs, errors, signal, add(readFailure));
  const rowOf = ranks(places);
  const find = (id: string): number | undefined => {
    const found = ids.find(id);
    return found === undefined ? undefined : rowOf[found];
  };
  return { rows: ids.rows, find };
};

/** For each value, how many come before it. */
const ranks = (values: readonly number[]): Uint32Array => {
  const order = Uint32Array.from(values.keys());
  order.sort((one, other) => (values[one] ?? 0) - (values[other] ?? 0) || one - other);
  const rank = new Uint32Array(values.length);
  for (const [place, at] of order.entries()) rank[at] = place;
  return rank;
};
