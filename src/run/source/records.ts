import type { JsonValue } from "../../call/json.ts";
import type { Fs } from "../files/fs.ts";
import type { InputFormat } from "./format.ts";

/** One row as the file has it, parsed when its value is asked for. */
export interface InputRecord {
  /** Where it begins, from 1: the line, or the row where there are no lines. */
  readonly line: number;
  /** The byte where it begins, in what is unpacked and in UTF-8; absent where there is none to name. */
  readonly offset?: number;
  /** @throws InputError when it cannot be parsed */
  value(): JsonValue;
  /** What stands there, or the beginning of it: for messages, and to tell rows apart that cannot be parsed. */
  raw(): Uint8Array;
}

/** Some rows, and how many blank lines stood before or among them. */
export interface RecordBatch {
  readonly records: readonly InputRecord[];
  readonly blankLines: number;
}

/** A file of the input, and how it is to be read. */
export interface InputFile {
  readonly path: string;
  /** What messages call it. */
  readonly name: string;
  readonly fs: Fs;
  readonly format: InputFormat;
  /** Whether it is packed by gzip. */
  readonly isPacked: boolean;
  /** How its letters are written, in the words of `TextDecoder`. */
  readonly encoding: string;
  /** The longest line, record of CSV, or element of a list. */
  readonly maxLineBytes: number;
  /** The columns that are used, where it is known: others need not be read. */
  readonly columns?: readonly string[];
}

/** What is read, and until when. */
export interface RecordOptions extends InputFile {
  readonly signal?: AbortSignal | undefined;
}
