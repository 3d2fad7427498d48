import type { JsonValue } from "../../call/json.ts";
import { readBytes } from "./bytes.ts";
import { tooLong } from "./fault.ts";
import { type Line, splitLines } from "./lines.ts";
import { notDecoded, notText } from "./not-text.ts";
import { parseJson } from "./parse-json.ts";
import type { InputRecord, RecordBatch, RecordOptions } from "./records.ts";

/** Reads a file in which each line that is not blank is a row: JSON, or plain text. */
export async function* readLineRecords(options: RecordOptions): AsyncGenerator<RecordBatch> {
  const { name, maxLineBytes } = options;
  const parse = options.format === "text" ? plainText : json;
  for await (const lines of splitLines(readBytes(options), { name, maxLineBytes, longLines: "marked" })) {
    const records = lines.filter((line) => !line.isBlank).map((line) => new LineRecord(line, options, parse));
    yield { records, blankLines: lines.length - records.length };
  }
}

type Parse = (line: Line, file: RecordOptions) => JsonValue;

class LineRecord implements InputRecord {
  readonly #line: Line;
  readonly #file: RecordOptions;
  readonly #parse: Parse;

  constructor(line: Line, file: RecordOptions, parse: Parse) {
    this.#line = line;
    this.#file = file;
    this.#parse = parse;
  }

  get line(): number {
    return this.#line.number;
  }

  get offset(): number {
    return this.#line.offset;
  }

  value(): JsonValue {
    if (this.#line.isTooLong) throw tooLong(this.#file.name, this.line, this.#file.maxLineBytes);
    return this.#parse(this.#line, this.#file);
  }

  raw(): Uint8Array {
    return this.#line.bytes;
  }
}

const plainText: Parse = (line, file) => {
  const fault = notText(line, file);
  if (fault !== undefined) throw fault;
  return line.text;
};

const json: Parse = (line, { name, encoding }) => {
  if (!line.isUtf8) throw notDecoded(line, name, encoding);
  return parseJson(line.text, { name, line: line.number });
};
