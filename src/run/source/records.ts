import type { JsonValue } from "../../call/json.ts";
import type { InputFormat } from "./format.ts";

/** One row as the file has it, parsed when its value is asked for. */
export interface InputRecord {
  /** Where it begins, from 1. */
  readonly line: number;
  /** @throws InputError when it cannot be parsed */
  value(): JsonValue;
}

/** Some rows, and how many blank lines stood before or among them. */
export interface RecordBatch {
  readonly records: readonly InputRecord[];
  readonly blankLines: number;
}

/** What is read, and how. */
export interface RecordOptions {
  readonly path: string;
  readonly name: string;
  readonly format: InputFormat;
  readonly maxLineBytes: number;
  readonly signal?: AbortSignal | undefined;
}
