import { isUtf8 } from "node:buffer";
import { type ChunkOptions, readChunks } from "./chunks.ts";
import { tooLong } from "./fault.ts";

/** One line of a file. Its bytes are read; its text is decoded when it is asked for. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Where it begins in the file, in bytes. */
  readonly offset: number;
  /** In bytes, line ending and byte order mark included. */
  readonly length: number;
  /** Whether it was ended by a newline; only the last line of a file may not be. */
  readonly complete: boolean;
  /** All of it, line ending and byte order mark included. */
  readonly raw: Buffer;
  /** Without the line ending and the byte order mark. */
  readonly bytes: Buffer;
  /** The bytes as text; what is not UTF-8 is replaced. */
  readonly text: string;
  readonly isUtf8: boolean;
  /** The text with its line ending. */
  readonly whole: string;
  /** Whether there is nothing but white space in it. */
  readonly isBlank: boolean;
  /** Whether it is longer than lines may be, so that only its beginning is here. */
  readonly isTooLong: boolean;
}

/** How bytes are divided into lines; line numbers count from where reading begins. */
export interface SplitOptions {
  readonly name: string;
  /** @default 16 MiB */
  readonly maxLineBytes?: number;
  /** The byte where the first line begins. @default 0 */
  readonly from?: number;
  /** Whether a line that is too long is refused, or given without its end and marked. @default 'refused' */
  readonly longLines?: "refused" | "marked";
}

/** How lines are read. */
export interface LineOptions extends ChunkOptions, Omit<SplitOptions, "name"> {}

/** Reads the lines of a file in batches, a batch for each read. @throws InputError when it cannot be read or a line is too long */
export const readLines = (path: string, options: LineOptions = {}): AsyncGenerator<readonly Line[]> =>
  splitLines(readChunks(path, options), { ...options, name: options.name ?? path });

/** Divides bytes into lines, a batch for each piece. @throws InputError when a line is too long */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  options: SplitOptions,
): AsyncGenerator<readonly Line[]> {
  const splitter = new LineSplitter(options);
  for await (const chunk of chunks) {
    const lines = splitter.push(chunk);
    if (lines.length > 0) yield lines;
  }
  const last = splitter.end();
  if (last !== undefined) yield [last];
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const tab = 0x09;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

class LineSplitter {
  readonly #name: string;
  readonly #maxLineBytes: number;
  readonly #refusesLong: boolean;
  /** The pieces of a line that began in earlier chunks; of one that is too long only the first. */
  #open: Buffer[] = [];
  #openLength = 0;
  #offset: number;
  #number = 1;

  constructor({ name, maxLineBytes = 16 * 1024 * 1024, from = 0, longLines = "refused" }: SplitOptions) {
    this.#name = name;
    this.#maxLineBytes = maxLineBytes;
    this.#refusesLong = longLines === "refused";
    this.#offset = from;
  }

  push(chunk: Buffer): Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      lines.push(this.#openLength === 0 ? this.#line(chunk, start, end + 1) : this.#joined(chunk.subarray(0, end + 1)));
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
    return lines;
  }

  end(): Line | undefined {
    return this.#openLength === 0 ? undefined : this.#joined();
  }

  #keep(piece: Buffer): void {
    const isTooLong = this.#isTooLong(this.#openLength + piece.length);
    // A copy, so that the chunk around a beginning need not be kept.
    if (isTooLong) this.#open = [Buffer.from((this.#open[0] ?? piece).subarray(0, keptOfLong))];
    else this.#open.push(piece);
    this.#openLength += piece.length;
  }

  #joined(last?: Buffer): Line {
    const length = this.#openLength + (last?.length ?? 0);
    const pieces = last === undefined || this.#isTooLong(length) ? this.#open : [...this.#open, last];
    const whole = Buffer.concat(pieces);
    this.#open = [];
    this.#openLength = 0;
    return this.#line(whole, 0, length);
  }

  #line(buffer: Buffer, start: number, end: number): Line {
    const length = end - start;
    const line = new FileLine(buffer, start, length, this.#number, this.#offset, this.#isTooLong(length));
    this.#offset += length;
    this.#number += 1;
    return line;
  }

  #isTooLong(length: number): boolean {
    if (length <= this.#maxLineBytes) return false;
    if (this.#refusesLong) throw tooLong(this.#name, this.#number, this.#maxLineBytes);
    return true;
  }
}

/** What is kept of a line that is too long. */
const keptOfLong = 1024;

/** Points into the buffer that was read: a buffer of its own for each line would cost more than the line. */
class FileLine implements Line {
  readonly number: number;
  readonly offset: number;
  readonly length: number;
  readonly isTooLong: boolean;
  readonly #buffer: Buffer;
  readonly #start: number;

  constructor(buffer: Buffer, start: number, length: number, number: number, offset: number, isTooLong: boolean) {
    this.#buffer = buffer;
    this.#start = start;
    this.length = length;
    this.number = number;
    this.offset = offset;
    this.isTooLong = isTooLong;
  }

  get complete(): boolean {
    return this.#buffer[this.#start + this.length - 1] === newline;
  }

  get raw(): Buffer {
    return this.#buffer.subarray(this.#start, this.#start + this.length);
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(this.#textStart(), this.#textEnd());
  }

  get text(): string {
    return this.#buffer.toString("utf8", this.#textStart(), this.#textEnd());
  }

  get whole(): string {
    return this.#buffer.toString("utf8", this.#textStart(), this.#start + this.length);
  }

  get isUtf8(): boolean {
    return isUtf8(this.bytes);
  }

  get isBlank(): boolean {
    if (this.isTooLong) return false;
    const end = this.#textEnd();
    for (let at = this.#textStart(); at < end; at++) {
      const byte = this.#buffer[at] ?? 0;
      if (byte > space || byte < tab) return false;
    }
    return true;
  }

  #textStart(): number {
    const marked = this.offset === 0 && this.#buffer.subarray(this.#start, this.#start + 3).equals(byteOrderMark);
    return marked ? this.#start + 3 : this.#start;
  }

  #textEnd(): number {
    const end = this.#start + this.length;
    if (!this.complete) return end;
    return this.length > 1 && this.#buffer[end - 2] === carriageReturn ? end - 2 : end - 1;
  }
}
