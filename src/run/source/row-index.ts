import { idHash, type IdHash } from "./id-hash.ts";
import { occurrenceId } from "./identity.ts";

/** What is remembered of a validated input: about thirty bytes a row, whatever the rows hold. */
export interface RowIndex {
  readonly rows: number;
  readonly skippedBlankLines: number;
  /** How many rows cannot be sent; they count among the rows. */
  readonly invalid: number;
  /** Whether a row cannot be sent. */
  isInvalid(row: number): boolean;
  /** The row with that id, from 0. */
  find(id: string): number | undefined;
  /** The row whose id has that hash, from 0. */
  findHash(id: IdHash): number | undefined;
  /** The hash of a row's id. */
  hashOf(row: number): IdHash;
  /** The line of its file where a row begins, from 1. */
  lineOf(row: number): number;
  /** Which of the files a row is from, counted from 0. */
  fileOf(row: number): number;
  /** Which occurrence of the same request a row without an id of its own is: 1 for the first. */
  occurrence(row: number): number;
  /** Whether that was the row's id when the input was validated. */
  matches(row: number, id: string): boolean;
}

/** Marks an occurrence that is the row's own; without it the number counts how often the first one has been repeated. */
const repeated = 0x8000_0000;

/**
 * Collects rows into a `RowIndex`.
 * Ids are kept as 64 bits of a hash in flat arrays, with an open-addressed table of row numbers over them:
 * strings in a Map would cost several times as much.
 */
export class RowIndexBuilder implements RowIndex {
  #rows = 0;
  #skippedBlankLines = 0;
  #high = new Uint32Array(256);
  #low = new Uint32Array(256);
  #lines = new Uint32Array(256);
  #occurrences = new Uint32Array(256);
  /** Row numbers plus one, by hash; 0 is free. A power of two, at most three quarters full. */
  #table = new Uint32Array(512);
  /** The rows that cannot be sent, ascending: mostly few. */
  #invalid = new Uint32Array(4);
  #invalidCount = 0;
  /** The first row of each file. */
  readonly #files: number[] = [];

  get rows(): number {
    return this.#rows;
  }

  get invalid(): number {
    return this.#invalidCount;
  }

  get skippedBlankLines(): number {
    return this.#skippedBlankLines;
  }

  /** The memory that it holds. */
  get bytes(): number {
    return this.#high.byteLength * 4 + this.#table.byteLength + this.#invalid.byteLength;
  }

  skipBlankLines(count: number): void {
    this.#skippedBlankLines += count;
  }

  /** The rows that follow are those of the next file. */
  beginFile(): void {
    this.#files.push(this.#rows);
  }

  /** Adds a row that cannot be sent, under an id made from what stands there. */
  addInvalid(id: string, line: number): void {
    if (this.#invalidCount === this.#invalid.length) {
      this.#invalid = resized(this.#invalid, this.#invalidCount, this.#invalidCount * 2);
    }
    this.#invalid[this.#invalidCount++] = this.#rows;
    this.addMade(id, line);
  }

  /** Adds a row under the id that its line gives. Returns the row that has that id already, if one does. */
  addExplicit(id: string, line: number): number | undefined {
    const hash = idHash(id);
    const other = this.findHash(hash);
    if (other === undefined) this.#add(hash, line, 1);
    return other;
  }

  /** Adds a row under an id made from its request, numbered when it is not the first. */
  addMade(id: string, line: number): void {
    const hash = idHash(id);
    const first = this.findHash(hash);
    if (first === undefined) return this.#add(hash, line, 1);
    let occurrence = (this.#occurrences[first] ?? 1) + 1;
    while (this.find(occurrenceId(id, occurrence)) !== undefined) occurrence += 1;
    this.#occurrences[first] = occurrence;
    this.#add(idHash(occurrenceId(id, occurrence)), line, repeated + occurrence);
  }

  /** Gives back the room that was kept for more rows. */
  finish(): this {
    this.#resize(this.#rows);
    return this;
  }

  find(id: string): number | undefined {
    return this.findHash(idHash(id));
  }

  findHash({ high, low }: IdHash): number | undefined {
    const found = this.#table[this.#slot(high, low)] ?? 0;
    return found === 0 ? undefined : found - 1;
  }

  hashOf(row: number): IdHash {
    return { high: this.#high[row] ?? 0, low: this.#low[row] ?? 0 };
  }

  isInvalid(row: number): boolean {
    if (this.#invalidCount === 0) return false;
    let [low, high] = [0, this.#invalidCount];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#invalid[middle] ?? 0) < row) low = middle + 1;
      else high = middle;
    }
    return low < this.#invalidCount && this.#invalid[low] === row;
  }

  fileOf(row: number): number {
    return Math.max(
      0,
      this.#files.findLastIndex((first) => first <= row),
    );
  }

  lineOf(row: number): number {
    return this.#lines[row] ?? 0;
  }

  occurrence(row: number): number {
    const stored = this.#occurrences[row] ?? 1;
    return stored >= repeated ? stored - repeated : 1;
  }

  matches(row: number, id: string): boolean {
    const { high, low } = idHash(id);
    return row < this.#rows && this.#high[row] === high && this.#low[row] === low;
  }

  #add({ high, low }: IdHash, line: number, occurrence: number): void {
    if (this.#rows === this.#lines.length) this.#grow();
    const row = this.#rows;
    this.#high[row] = high;
    this.#low[row] = low;
    this.#lines[row] = line;
    this.#occurrences[row] = occurrence;
    this.#table[this.#slot(high, low)] = row + 1;
    this.#rows += 1;
  }

  /** The slot of that hash, or the free one where it belongs. */
  #slot(high: number, low: number): number {
    const mask = this.#table.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const row = (this.#table[slot] ?? 0) - 1;
      if (row === -1 || (this.#low[row] === low && this.#high[row] === high)) return slot;
    }
  }

  /** By half, to leave little of the arrays unused. */
  #grow(): void {
    const capacity = Math.ceil(this.#rows * 1.5);
    this.#resize(capacity);
    let size = this.#table.length;
    while (size * 3 < capacity * 4) size *= 2;
    if (size === this.#table.length) return;
    this.#table = new Uint32Array(size);
    for (let row = 0; row < this.#rows; row++) {
      this.#table[this.#slot(this.#high[row] ?? 0, this.#low[row] ?? 0)] = row + 1;
    }
  }

  #resize(capacity: number): void {
    this.#high = resized(this.#high, this.#rows, capacity);
    this.#low = resized(this.#low, this.#rows, capacity);
    this.#lines = resized(this.#lines, this.#rows, capacity);
    this.#occurrences = resized(this.#occurrences, this.#rows, capacity);
  }
}

const resized = (array: Uint32Array<ArrayBuffer>, used: number, length: number): Uint32Array<ArrayBuffer> => {
  const copy = new Uint32Array(length);
  copy.set(array.subarray(0, used));
  return copy;
};
