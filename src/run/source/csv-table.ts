import type { JsonValue } from "../../call/json.ts";
import { CellReader, cellsOf, delimiterOf } from "./cell-reader.ts";
import { excerpt } from "./excerpt.ts";
import { lineFault, tooLong } from "./fault.ts";
import type { InputError } from "./input-error.ts";
import type { Line } from "./lines.ts";
import { notText } from "./not-text.ts";
import type { InputRecord, RecordBatch, RecordOptions } from "./records.ts";

/** Makes rows of named columns of the lines of a table. */
export class CsvTable {
  readonly #file: RecordOptions;
  readonly #style: { delimiter: string; readonly relaxed: boolean };
  #header: readonly string[] | undefined;
  /** The lines of a row whose last cell is still open, and what it has been read into. */
  #open: Line[] = [];
  #openBytes = 0;
  #reader: CellReader | undefined;
  #blankLines = 0;
  #records: InputRecord[] = [];

  constructor(file: RecordOptions) {
    this.#file = file;
    // Tab-separated files are mostly written without quoting, so that a quote inside a cell is only a letter.
    const isTabbed = file.format === "tsv";
    this.#style = { delimiter: isTabbed ? "\t" : "", relaxed: isTabbed };
  }

  /** @throws InputError when the header cannot be used */
  take(lines: readonly Line[]): RecordBatch {
    for (const line of lines) this.#take(line);
    return this.#batch();
  }

  /** What is left at the end of the file. */
  finish(): RecordBatch {
    while (this.#open.length > 0) this.#giveUp("a quote that opens in this row is never closed");
    return this.#batch();
  }

  #batch(): RecordBatch {
    const batch = { records: this.#records, blankLines: this.#blankLines };
    this.#records = [];
    this.#blankLines = 0;
    return batch;
  }

  #take(line: Line): void {
    if (this.#reader === undefined && line.bytes.length === 0) this.#blankLines += 1;
    else if (this.#style.delimiter === "") this.#begin(line);
    else if (line.isTooLong) this.#takeTooLong(line);
    else this.#takeRow(line);
  }

  /** The first line says what stands between cells: in its own words, as Excel writes them, or by having most of it. */
  #begin(line: Line): void {
    const said = /^sep=(.)$/i.exec(line.text)?.[1];
    this.#style.delimiter = said ?? delimiterOf(line.text);
    if (said === undefined) this.#take(line);
  }

  #takeRow(line: Line): void {
    if (this.#reader === undefined) {
      const cells = cellsOf(line.text, this.#style);
      if (cells !== undefined) return this.#add([line], cells);
      this.#reader = new CellReader(this.#style);
    }
    const { text, whole } = line;
    const state = this.#reader.take(text, whole.slice(text.length));
    this.#open.push(line);
    this.#openBytes += line.length;
    if (state === "whole") {
      const { cells } = this.#reader;
      this.#add(this.#close(), cells);
    } else if (state === "broken") this.#giveUp(this.#reader.fault);
    else if (this.#openBytes > this.#file.maxLineBytes) this.#giveUp("the row is too long; is a quote left open?");
  }

  #takeTooLong(line: Line): void {
    while (this.#open.length > 0) this.#giveUp("the row is too long; is a quote left open?");
    this.#fail([line], tooLong(this.#file.name, line.number, this.#file.maxLineBytes));
  }

  /** A row that is broken costs one line: those behind it may be rows of their own that a stray quote has swallowed. */
  #giveUp(what: string): void {
    const [first, ...swallowed] = this.#close();
    if (first === undefined) return;
    const last = swallowed.at(-1);
    const remark = last === undefined ? "" : ` (reading came as far as line ${last.number.toLocaleString("en")})`;
    this.#fail([first], this.#faultAt(first.number, what + remark));
    for (const line of swallowed) this.#take(line);
  }

  #close(): readonly Line[] {
    const lines = this.#open;
    this.#open = [];
    this.#openBytes = 0;
    this.#reader = undefined;
    return lines;
  }

  #add(lines: readonly Line[], cells: readonly string[]): void {
    const fault = firstFault(lines, this.#file);
    if (this.#header === undefined) {
      if (fault !== undefined) throw fault;
      this.#header = this.#checkedHeader(cells, lines[0]?.number ?? 1);
    } else this.#records.push(new CsvRecord(this.#file, lines, this.#header, cells, fault));
  }

  #fail(lines: readonly Line[], fault: InputError): void {
    if (this.#header === undefined) throw fault;
    this.#records.push(new CsvRecord(this.#file, lines, this.#header, [], fault));
  }

  #checkedHeader(cells: readonly string[], line: number): readonly string[] {
    const header = cells.map((cell) => cell.trim());
    const repeated = header.find((column, place) => column !== "" && header.indexOf(column) !== place);
    if (repeated === undefined) return header;
    throw this.#faultAt(line, `two columns are named ${JSON.stringify(excerpt(repeated, 40))}`);
  }

  #faultAt(line: number, what: string): InputError {
    return lineFault({ name: this.#file.name, line, what });
  }
}

const firstFault = (lines: readonly Line[], file: RecordOptions): InputError | undefined => {
  for (const line of lines) {
    const fault = notText(line, file);
    if (fault !== undefined) return fault;
  }
  return undefined;
};

class CsvRecord implements InputRecord {
  readonly #name: string;
  readonly #lines: readonly Line[];
  readonly #header: readonly string[];
  readonly #cells: readonly string[];
  readonly #fault: InputError | undefined;

  constructor(
    { name }: RecordOptions,
    lines: readonly Line[],
    header: readonly string[],
    cells: readonly string[],
    fault: InputError | undefined,
  ) {
    this.#name = name;
    this.#lines = lines;
    this.#header = header;
    this.#cells = cells;
    this.#fault = fault;
  }

  get line(): number {
    return this.#lines[0]?.number ?? 0;
  }

  get offset(): number {
    return this.#lines[0]?.offset ?? 0;
  }

  /** Unlike an assignment, `fromEntries` makes an ordinary column of `__proto__` too. */
  value(): JsonValue {
    if (this.#fault !== undefined) throw this.#fault;
    const [cells, columns] = [this.#cells.length, this.#header.length];
    if (cells !== columns) {
      const what = `the row has ${cells} ${cells === 1 ? "cell" : "cells"}, the header has ${columns}`;
      throw lineFault({ name: this.#name, line: this.line, what });
    }
    return Object.fromEntries(this.#header.map((column, place) => [column, this.#cells[place] ?? ""]));
  }

  raw(): Uint8Array {
    const [first, ...others] = this.#lines;
    return others.length === 0 && first !== undefined
      ? first.bytes
      : Buffer.concat(this.#lines.flatMap(({ bytes }) => [bytes, Buffer.from("\n")]));
  }
}
