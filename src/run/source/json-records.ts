import { isUtf8 } from "node:buffer";
import type { JsonValue } from "../../call/json.ts";
import { readBytes } from "./bytes.ts";
import { lineFault, tooLong } from "./fault.ts";
import { type ListElement, type ListFault, ListSplitter } from "./list-splitter.ts";
import { notDecoded } from "./not-text.ts";
import { parseJson } from "./parse-json.ts";
import type { InputRecord, RecordBatch, RecordOptions } from "./records.ts";

/** Reads a file that is one JSON list: each element is a row. Never more than a few elements are in memory. */
export async function* readJsonRecords(options: RecordOptions): AsyncGenerator<RecordBatch> {
  const splitter = new ListSplitter(options.maxLineBytes);
  for await (const chunk of readBytes(options)) {
    const { elements, fault } = splitter.push(chunk);
    yield { records: elements.map((element) => new ElementRecord(element, options)), blankLines: 0 };
    if (fault !== undefined) throw listFault(fault, options);
  }
  const fault = splitter.end();
  if (fault !== undefined) throw listFault(fault, options);
}

const listFault = (fault: ListFault, { name }: RecordOptions): Error =>
  lineFault({ name, ...fault, notes: ["what stands behind it could not be looked at"] });

class ElementRecord implements InputRecord {
  readonly #element: ListElement;
  readonly #file: RecordOptions;

  constructor(element: ListElement, file: RecordOptions) {
    this.#element = element;
    this.#file = file;
  }

  get line(): number {
    return this.#element.number;
  }

  get offset(): number {
    return this.#element.offset;
  }

  value(): JsonValue {
    const { name, encoding, maxLineBytes } = this.#file;
    const { number: line, bytes, isTooLong } = this.#element;
    if (isTooLong) throw tooLong(name, line, maxLineBytes);
    if (!isUtf8(bytes)) throw notDecoded(this.#element, name, encoding);
    return parseJson(bytes.toString("utf8"), { name, line });
  }

  raw(): Uint8Array {
    return this.#element.bytes;
  }
}
