/** How the cells of a row are written. */
export interface CellStyle {
  readonly delimiter: string;
  /** Whether a quote that stands where none belongs is only a letter. */
  readonly relaxed: boolean;
}

/** What the lines of a row have come to: it is whole, its last cell goes on in the next line, or it is broken. */
export type CellState = "whole" | "open" | "broken";

/** Reads the cells of one row, whose quoted cells may go over several lines. */
export class CellReader {
  readonly #delimiter: string;
  readonly #relaxed: boolean;
  #cells: string[] = [];
  /** What of a quoted cell stood on earlier lines or before a doubled quote; `undefined` outside of one. */
  #quoted: string | undefined;
  #fault = "";

  constructor({ delimiter, relaxed }: CellStyle) {
    this.#delimiter = delimiter;
    this.#relaxed = relaxed;
  }

  /** The cells of the row, once it is whole. */
  get cells(): readonly string[] {
    return this.#cells;
  }

  /** What is wrong with the row, once it is broken. */
  get fault(): string {
    return this.#fault;
  }

  /** Reads the next line of the row; `ending` is what stands behind it if a cell goes on. */
  take(line: string, ending: string): CellState {
    let at = 0;
    while (true) {
      const next = this.#quoted === undefined ? this.#plainCell(line, at) : this.#quotedCell(line, at, ending);
      if (typeof next === "string") return next;
      at = next;
    }
  }

  /** Reads from where a cell begins; says where the next one does. */
  #plainCell(line: string, at: number): number | CellState {
    if (line[at] === '"') {
      this.#quoted = "";
      return at + 1;
    }
    return this.#cellUpTo(line, at, "");
  }

  #cellUpTo(line: string, at: number, before: string): number | CellState {
    const end = line.indexOf(this.#delimiter, at);
    const cell = end === -1 ? line.slice(at) : line.slice(at, end);
    if (!this.#relaxed && cell.includes('"')) {
      return this.#broken("a quote inside a cell: the whole cell must be quoted, and the quote doubled");
    }
    this.#cells.push(before + cell);
    return end === -1 ? "whole" : end + 1;
  }

  #quotedCell(line: string, at: number, ending: string): number | CellState {
    const close = line.indexOf('"', at);
    if (close === -1) {
      this.#quoted += line.slice(at) + ending;
      return "open";
    }
    this.#quoted += line.slice(at, close);
    if (line[close + 1] === '"') {
      this.#quoted += '"';
      return close + 2;
    }
    return this.#closed(line, close + 1);
  }

  #closed(line: string, at: number): number | CellState {
    const cell = this.#quoted ?? "";
    if (at < line.length && !line.startsWith(this.#delimiter, at)) {
      if (!this.#relaxed) return this.#broken("a quote inside a quoted cell must be doubled");
      this.#quoted = undefined;
      return this.#cellUpTo(line, at, `"${cell}"`);
    }
    this.#quoted = undefined;
    this.#cells.push(cell);
    return at === line.length ? "whole" : at + 1;
  }

  #broken(fault: string): CellState {
    this.#fault = fault;
    return "broken";
  }
}

/** The row that a line is by itself, without a reader where it has no quotes. */
export const cellsOf = (line: string, style: CellStyle): readonly string[] | undefined => {
  if (!line.includes('"')) return line.split(style.delimiter);
  const reader = new CellReader(style);
  return reader.take(line, "") === "whole" ? reader.cells : undefined;
};

/** What stands between the cells of a header: what it has most of, outside of quotes. */
export const delimiterOf = (header: string): string => {
  const unquoted = header.replace(/"[^"]*"/g, "");
  const count = (delimiter: string): number => unquoted.split(delimiter).length - 1;
  return [",", ";", "\t"].reduce((best, other) => (count(other) > count(best) ? other : best));
};
