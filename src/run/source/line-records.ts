import type { JsonValue } from "../../call/json.ts";
import { pointedExcerpt } from "./excerpt.ts";
import { lineFault, notUtf8 } from "./fault.ts";
import { jsonFault } from "./json-fault.ts";
import { type Line, readLines } from "./lines.ts";
import type { InputRecord, RecordBatch, RecordOptions } from "./records.ts";

/** Reads a file in which each line that is not blank is a row: JSON, or plain text. */
export async function* readLineRecords(options: RecordOptions): AsyncGenerator<RecordBatch> {
  const { path, name, format, maxLineBytes, signal } = options;
  const parse = format === "text" ? plainText : json;
  for await (const lines of readLines(path, { name, maxLineBytes, signal })) {
    const records = lines.filter((line) => !line.isBlank).map((line) => new LineRecord(line, name, parse));
    yield { records, blankLines: lines.length - records.length };
  }
}

class LineRecord implements InputRecord {
  readonly #line: Line;
  readonly #name: string;
  readonly #parse: (line: Line, name: string) => JsonValue;

  constructor(line: Line, name: string, parse: (line: Line, name: string) => JsonValue) {
    this.#line = line;
    this.#name = name;
    this.#parse = parse;
  }

  get line(): number {
    return this.#line.number;
  }

  value(): JsonValue {
    if (!this.#line.isUtf8) throw notUtf8(this.#name, this.line, this.#line.bytes);
    return this.#parse(this.#line, this.#name);
  }
}

const plainText = (line: Line): JsonValue => line.text;

const json = (line: Line, name: string): JsonValue => {
  const { text, number } = line;
  const value = parsed(line, name);
  // A value needs two characters for each level, so most lines need no look.
  if (text.length > 2 * deepest && isDeeper(value, deepest)) {
    throw lineFault({ name, line: number, what: `nested more than ${deepest} levels deep`, notes: [] });
  }
  return value;
};

/** No provider takes more, and every step that follows goes through the levels one by one. */
const deepest = 500;

const isDeeper = (value: JsonValue, levels: number): boolean => {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner as JsonValue, levels - 1));
};

const parsed = ({ text, number }: Line, name: string): JsonValue => {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    const { position = 0, remark = "cannot be parsed" } = jsonFault(text) ?? {};
    const notes = pointedExcerpt(text, position, remark);
    throw lineFault({ name, line: number, what: "not valid JSON", notes, cause });
  }
};
