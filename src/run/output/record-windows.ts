import { crc32 } from "node:zlib";
import type { Fs, FsFile } from "../files/fs.ts";
import type { RowPlaces } from "../journal/row-places.ts";
import { openToRead } from "../source/chunks.ts";
import { RunError } from "../run-error.ts";

/** Which records are read, and how. */
export interface RecordWindowOptions {
  readonly fs: Fs;
  readonly path: string;
  readonly places: RowPlaces;
  /** How much of the records is held at once; a single one may be longer. @default 32 MiB */
  readonly windowBytes?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The records of some rows that follow each other in the input. Valid until the next window is asked for. */
export interface RecordWindow {
  readonly firstRow: number;
  /** The row after the last. */
  readonly endRow: number;
  /** The records, one after the other in the order of the rows. */
  readonly bytes: Buffer;
  /** The record of a row, its newline included; `undefined` when there is none. */
  recordOf(row: number): Buffer | undefined;
}

/**
 * Reads records in the order of the input from a file where they stand in another, in bounded memory at any size:
 * a window of rows at a time, and of each window what lies close together with one read.
 *
 * @throws RunError when a record is not what was written
 */
export async function* recordWindows(options: RecordWindowOptions): AsyncGenerator<RecordWindow> {
  const { fs, path, places, windowBytes = 32 * 1024 * 1024, signal } = options;
  if ((await fs.stat(path)) === undefined) return;
  const file = await openToRead(path, path, fs);
  try {
    const reader = new WindowReader(file, path, places);
    for (let row = 0; row < places.rows;) {
      signal?.throwIfAborted();
      const window = await reader.read(row, windowBytes);
      yield window;
      row = window.endRow;
    }
  } finally {
    await file.close();
  }
}

const maxRows = 256 * 1024;
/** To read on over a gap of this size costs less than to ask the system again. */
const closeBytes = 32 * 1024;
const readBytes = 4 * 1024 * 1024;

class WindowReader {
  readonly #file: FsFile;
  readonly #path: string;
  readonly #places: RowPlaces;
  #bytes: Buffer = Buffer.alloc(0);
  #read: Buffer = Buffer.alloc(0);

  constructor(file: FsFile, path: string, places: RowPlaces) {
    this.#file = file;
    this.#path = path;
    this.#places = places;
  }

  async read(firstRow: number, windowBytes: number): Promise<RecordWindow> {
    const window = measured(this.#places, firstRow, windowBytes);
    if (this.#bytes.length < window.length) this.#bytes = Buffer.allocUnsafeSlow(Math.max(window.length, readBytes));
    for (const group of groupsOf(window, this.#places)) await this.#take(group, window);
    const bytes = this.#bytes.subarray(0, window.length);
    const { endRow, starts } = window;
    const recordOf = (row: number): Buffer | undefined => {
      const length = this.#places.lengthOf(row);
      const start = starts[row - firstRow] ?? 0;
      return length === 0 ? undefined : bytes.subarray(start, start + length);
    };
    return { firstRow, endRow, bytes, recordOf };
  }

  async #take({ from, to, rows }: Group, { firstRow, starts }: Measured): Promise<void> {
    if (this.#read.length < to - from) this.#read = Buffer.allocUnsafeSlow(to - from);
    const read = this.#read.subarray(0, to - from);
    const taken = await this.#file.read(read, from);
    for (const row of rows) {
      const start = (this.#places.offsetOf(row) ?? 0) - from;
      const record = read.subarray(start, start + this.#places.lengthOf(row));
      if (start + record.length > taken || !this.#isAsWritten(row, record)) throw this.#damaged(row);
      record.copy(this.#bytes, starts[row - firstRow]);
    }
  }

  #isAsWritten(row: number, record: Buffer): boolean {
    const checksum = this.#places.checksumOf(row);
    return checksum === undefined || crc32(record) === checksum;
  }

  #damaged(row: number): RunError {
    const offset = this.#places.offsetOf(row) ?? 0;
    return new RunError(`cannot use ${this.#path}: the record of row ${row + 1} is not what was written there`, {
      notes: [
        "the file was changed by something else, or its disk is failing; nothing was changed in it",
        `look  tail -c +${offset + 1} ${this.#path} | head -c ${this.#places.lengthOf(row)}`,
        "next  remove that line and run the same command again: its row is sent once more",
      ],
    });
  }
}

interface Measured {
  readonly firstRow: number;
  readonly endRow: number;
  /** Where each row's record begins in the window. */
  readonly starts: Uint32Array;
  readonly length: number;
}

const measured = (places: RowPlaces, firstRow: number, windowBytes: number): Measured => {
  const last = Math.min(places.rows, firstRow + maxRows);
  const starts = new Uint32Array(last - firstRow);
  let length = 0;
  let row = firstRow;
  for (; row < last; row++) {
    const added = places.lengthOf(row);
    if (length > 0 && length + added > windowBytes) break;
    starts[row - firstRow] = length;
    length += added;
  }
  return { firstRow, endRow: row, starts, length };
};

/** Rows whose records are read together. */
interface Group {
  readonly from: number;
  readonly to: number;
  readonly rows: readonly number[];
}

function* groupsOf({ firstRow, endRow }: Measured, places: RowPlaces): Generator<Group> {
  const offset = (row: number): number => places.offsetOf(row) ?? 0;
  let [from, to] = [0, 0];
  let rows: number[] = [];
  for (const row of rowsByOffset(places, firstRow, endRow)) {
    const end = offset(row) + places.lengthOf(row);
    if (rows.length > 0 && (offset(row) - to > closeBytes || end - from > readBytes)) {
      yield { from, to, rows };
      rows = [];
    }
    if (rows.length === 0) from = offset(row);
    to = rows.length === 0 ? end : Math.max(to, end);
    rows.push(row);
  }
  if (rows.length > 0) yield { from, to, rows };
}

/** The rows from one to before another that have records, by where these stand. */
export const rowsByOffset = (places: RowPlaces, firstRow: number, endRow: number): Uint32Array => {
  const rows = new Uint32Array(endRow - firstRow);
  const offsets = new Float64Array(endRow - firstRow);
  let count = 0;
  for (let row = firstRow; row < endRow; row++) {
    const offset = places.offsetOf(row);
    if (offset === undefined) continue;
    offsets[row - firstRow] = offset;
    rows[count++] = row;
  }
  const place = (row: number): number => offsets[row - firstRow] ?? 0;
  return rows.subarray(0, count).sort((one, other) => place(one) - place(other));
};
