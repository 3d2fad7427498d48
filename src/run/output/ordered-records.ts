import { readChunks } from "../source/chunks.ts";
import type { RowPlaces } from "../journal/row-places.ts";
import { maxRecordBytes } from "../records/record-file.ts";
import { type Line, splitLines } from "../source/lines.ts";
import { rowsByOffset, type RecordWindowOptions, recordWindows } from "./record-windows.ts";

/**
 * The bytes of a file of records in the order of the input. What is not the record of a row of the input, such as
 * that of one which has been removed from it, keeps its place after the others. Each piece is valid until the next is asked for.
 *
 * @throws RunError when a record is not what was written
 */
export async function* orderedRecords(options: RecordWindowOptions): AsyncGenerator<Buffer> {
  const { fs, path, places } = options;
  for await (const { bytes } of recordWindows(options)) if (bytes.length > 0) yield bytes;
  const size = (await fs.stat(path))?.size ?? 0;
  if (size === lengthOf(places)) return;
  for (const gap of gapsOf(places, size)) yield* otherRecords(options, gap);
}

/** Whether the records stand in the order of the input already, with nothing before or between them. */
export const isOrdered = (places: RowPlaces): boolean => {
  let next = 0;
  for (let row = 0; row < places.rows; row++) {
    const offset = places.offsetOf(row);
    if (offset === undefined) continue;
    if (offset !== next) return false;
    next = offset + places.lengthOf(row);
  }
  return true;
};

/** How many rows have a record. */
export const recordCount = (places: RowPlaces): number => {
  let count = 0;
  for (let row = 0; row < places.rows; row++) if (places.lengthOf(row) > 0) count += 1;
  return count;
};

const lengthOf = (places: RowPlaces): number => {
  let length = 0;
  for (let row = 0; row < places.rows; row++) length += places.lengthOf(row);
  return length;
};

/** A part of the file that is no row's record. */
interface Gap {
  readonly from: number;
  readonly to: number;
}

function* gapsOf(places: RowPlaces, size: number): Generator<Gap> {
  let from = 0;
  for (const row of rowsByOffset(places, 0, places.rows)) {
    const to = places.offsetOf(row) ?? 0;
    if (to > from) yield { from, to };
    from = Math.max(from, to + places.lengthOf(row));
  }
  if (size > from) yield { from, to: size };
}

async function* otherRecords({ fs, path, signal }: RecordWindowOptions, { from, to }: Gap): AsyncGenerator<Buffer> {
  const chunks = readChunks(path, { fs, from, to, signal });
  for await (const lines of splitLines(chunks, { name: path, maxLineBytes: maxRecordBytes, from })) {
    yield Buffer.concat(lines.filter(isWhole).flatMap(({ bytes }) => [bytes, newline]));
  }
}

const newline = Buffer.from("\n");

/** A last line without its end is a record that is just being written, unless it is whole. */
const isWhole = (line: Line): boolean => {
  if (line.complete) return !line.isBlank;
  try {
    JSON.parse(line.text);
    return true;
  } catch {
    return false;
  }
};
