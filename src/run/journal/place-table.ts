import type { RowPlaces } from "./row-places.ts";

/** A place in a file of records. */
interface Place {
  readonly offset: number;
  readonly length: number;
  /** Where it is known. */
  readonly checksum?: number;
}

/** Collects the places of rows, in sixteen bytes a row; twelve where there are no checksums. */
export class PlaceTable implements RowPlaces {
  readonly rows: number;
  readonly #offsets: Float64Array;
  readonly #lengths: Uint32Array;
  #checksums: Uint32Array | undefined;

  constructor(rows: number) {
    this.rows = rows;
    this.#offsets = new Float64Array(rows);
    this.#lengths = new Uint32Array(rows);
  }

  has(row: number): boolean {
    return this.lengthOf(row) > 0;
  }

  /** Notes the place of a row, in the stead of an earlier one. */
  set(row: number, { offset, length, checksum }: Place): void {
    this.#offsets[row] = offset;
    this.#lengths[row] = length;
    if (checksum === undefined) return;
    this.#checksums ??= new Uint32Array(this.rows);
    this.#checksums[row] = checksum;
  }

  offsetOf(row: number): number | undefined {
    return this.has(row) ? this.#offsets[row] : undefined;
  }

  lengthOf(row: number): number {
    return this.#lengths[row] ?? 0;
  }

  checksumOf(row: number): number | undefined {
    return this.has(row) ? this.#checksums?.[row] : undefined;
  }
}
