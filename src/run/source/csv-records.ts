import { Readable, pipeline } from "node:stream";
import type { CsvError, Info, Options } from "csv-parse";
import type { JsonValue } from "../../call/json.ts";
import { readChunks } from "./chunks.ts";
import { excerpt } from "./excerpt.ts";
import { lineFault, notUtf8 } from "./fault.ts";
import { InputError } from "./input-error.ts";
import { readLines } from "./lines.ts";
import type { InputRecord, RecordBatch, RecordOptions } from "./records.ts";

/** Reads a table whose first row names its columns. A row may span lines inside quotes. */
export async function* readCsvRecords(options: RecordOptions): AsyncGenerator<RecordBatch> {
  const { CsvError, parse } = await import("csv-parse");
  const table = new Table(options);
  const bytes = Readable.from(checkedChunks(options));
  const rows = parse(table.parserOptions);
  pipeline(bytes, rows, () => {});
  let records: InputRecord[] = [];
  try {
    for await (const cells of rows) {
      records.push(table.take(cells as readonly string[]));
      if (records.length < batchRows) continue;
      yield { records, blankLines: table.takeBlankLines() };
      records = [];
    }
  } catch (error) {
    throw error instanceof CsvError ? table.fault(error) : error;
  } finally {
    bytes.destroy();
  }
  yield { records, blankLines: table.takeBlankLines() };
}

const batchRows = 1000;

/** Turns rows of cells into rows of named columns, and knows on which line each begins. */
class Table {
  readonly #options: RecordOptions;
  #header: readonly string[] | undefined;
  /** Where the rows begin that the parser has read ahead. */
  #ahead: number[] = [];
  #taken = 0;
  #linesBefore = 0;
  #blankLinesBefore = 0;
  /** The parser counts CR LF inside a cell as two lines. */
  #overcounted = 0;
  #blankLines = 0;

  constructor(options: RecordOptions) {
    this.#options = options;
  }

  get parserOptions(): Options {
    return {
      delimiter: this.#options.format === "tsv" ? "\t" : ",",
      record_delimiter: ["\r\n", "\n", "\r"],
      bom: true,
      skip_empty_lines: true,
      relax_column_count: true,
      // Tab-separated files are mostly written without quoting, so that a quote inside a cell is only a letter.
      relax_quotes: this.#options.format === "tsv",
      max_record_size: this.#options.maxLineBytes,
      on_record: (cells: string[], info) => (this.#isRow(cells, info) ? cells : null),
    };
  }

  /** The next row that the parser hands out. */
  take(cells: readonly string[]): InputRecord {
    const line = this.#ahead[this.#taken++] ?? 0;
    if (this.#taken === this.#ahead.length) [this.#ahead, this.#taken] = [[], 0];
    return new CsvRecord(this.#header ?? [], cells, line);
  }

  takeBlankLines(): number {
    const blankLines = this.#blankLines;
    this.#blankLines = 0;
    return blankLines;
  }

  fault(error: CsvError): InputError {
    const [line, at] = [
      this.#beginning(Number(error["empty_lines"] ?? 0)),
      Number(error["lines"] ?? 1) - this.#overcounted,
    ];
    const remark = at > line ? ` (reading came as far as line ${at.toLocaleString("en")})` : "";
    return this.#faultAt(line, `${faults[error.code] ?? error.message}${remark}`, error);
  }

  #isRow(cells: readonly string[], { lines, empty_lines }: Pick<Info, "lines" | "empty_lines">): boolean {
    const line = this.#beginning(empty_lines);
    this.#blankLines += empty_lines - this.#blankLinesBefore;
    this.#blankLinesBefore = empty_lines;
    this.#overcounted += lines - this.#overcounted > line ? lineEndingsOfTwo(cells) : 0;
    this.#linesBefore = lines - this.#overcounted;
    if (this.#header === undefined) {
      this.#header = this.#checkedHeader(cells, line);
      return false;
    }
    if (cells.length !== this.#header.length) {
      throw this.#faultAt(line, `the row has ${cells.length} cells, the header has ${this.#header.length}`);
    }
    this.#ahead.push(line);
    return true;
  }

  #beginning(blankLines: number): number {
    return this.#linesBefore + (blankLines - this.#blankLinesBefore) + 1;
  }

  #checkedHeader(cells: readonly string[], line: number): readonly string[] {
    const header = cells.map((cell) => cell.trim());
    const repeated = header.find((column, place) => column !== "" && header.indexOf(column) !== place);
    if (repeated === undefined) return header;
    throw this.#faultAt(line, `two columns are named ${JSON.stringify(excerpt(repeated, 40))}`);
  }

  #faultAt(line: number, what: string, cause?: unknown): InputError {
    return lineFault({ name: this.#options.name, line, what, cause });
  }
}

const lineEndingsOfTwo = (cells: readonly string[]): number =>
  cells.reduce((count, cell) => count + cell.split("\r\n").length - 1, 0);

const faults: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "a quote that opens in this row is never closed",
  CSV_INVALID_CLOSING_QUOTE: "a quote inside a quoted cell must be doubled",
  INVALID_OPENING_QUOTE: "a quote inside a cell: the whole cell must be quoted, and the quote doubled",
  CSV_MAX_RECORD_SIZE: "the row is too long; is a quote left open?",
};

class CsvRecord implements InputRecord {
  readonly line: number;
  readonly #header: readonly string[];
  readonly #cells: readonly string[];

  constructor(header: readonly string[], cells: readonly string[], line: number) {
    this.#header = header;
    this.#cells = cells;
    this.line = line;
  }

  /** Unlike an assignment, `fromEntries` makes an ordinary column of `__proto__` too. */
  value(): JsonValue {
    return Object.fromEntries(this.#header.map((column, place) => [column, this.#cells[place] ?? ""]));
  }
}

/** Broken letters would pass through the parser unseen. */
async function* checkedChunks({ path, name, signal }: RecordOptions): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const chunk of readChunks(path, { name, signal })) {
    if (!decodes(decoder, chunk)) throw await firstNotUtf8(path, name);
    yield chunk;
  }
  if (!decodes(decoder)) throw await firstNotUtf8(path, name);
}

const decodes = (decoder: InstanceType<typeof TextDecoder>, chunk?: Buffer): boolean => {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined });
    return true;
  } catch {
    return false;
  }
};

const firstNotUtf8 = async (path: string, name: string): Promise<InputError> => {
  for await (const lines of readLines(path, { name })) {
    const line = lines.find(({ isUtf8 }) => !isUtf8);
    if (line !== undefined) return notUtf8(name, line.number, line.bytes);
  }
  return new InputError(`${name}: not valid UTF-8`);
};
