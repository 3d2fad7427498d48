import type { Fs } from "../files/fs.ts";
import type { LinePlace } from "../files/record-log.ts";
import type { RowIndex } from "../source/row-index.ts";
import { readFrames } from "./frames-file.ts";
import type { RowPlaces } from "./row-places.ts";

/** Where the answers of rows stand, as a journal that was recovered, and written on since, notes it. */
export const notedPlaces = async (fs: Fs, journal: string, index: RowIndex): Promise<RowPlaces> => {
  const places = new NotedPlaces(index.rows);
  for await (const { frames } of readFrames(fs, journal, "done")) {
    for (const frame of frames) {
      const row = frame.kind === "done" ? index.findHash(frame.id) : undefined;
      if (frame.kind === "done" && row !== undefined) places.note(row, frame);
    }
  }
  return places;
};

/** Sixteen bytes a row. */
class NotedPlaces implements RowPlaces {
  readonly rows: number;
  readonly #offsets: Float64Array;
  readonly #lengths: Uint32Array;
  readonly #checksums: Uint32Array;

  constructor(rows: number) {
    this.rows = rows;
    this.#offsets = new Float64Array(rows);
    this.#lengths = new Uint32Array(rows);
    this.#checksums = new Uint32Array(rows);
  }

  /** Of several answers of one row, the first counts. */
  note(row: number, { offset, length, checksum }: LinePlace): void {
    if (this.lengthOf(row) > 0) return;
    this.#offsets[row] = offset;
    this.#lengths[row] = length;
    this.#checksums[row] = checksum;
  }

  offsetOf(row: number): number | undefined {
    return this.lengthOf(row) > 0 ? this.#offsets[row] : undefined;
  }

  lengthOf(row: number): number {
    return this.#lengths[row] ?? 0;
  }

  checksumOf(row: number): number | undefined {
    return this.lengthOf(row) > 0 ? this.#checksums[row] : undefined;
  }
}
