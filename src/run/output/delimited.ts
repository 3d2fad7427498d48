import type { Cell } from "./cell.ts";
import type { FlatColumn } from "./flat-columns.ts";

/** How a table of texts is written. */
export interface DelimitedOptions {
  readonly delimiter: "," | "\t";
  /** Begin with a byte order mark. @default false */
  readonly mark?: boolean;
}

/** A table as CSV (RFC 4180) or TSV. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
export async function* delimitedChunks(
  columns: readonly FlatColumn[],
  rows: AsyncIterable<readonly (readonly Cell[])[]>,
  { delimiter, mark = false }: DelimitedOptions,
): AsyncGenerator<Uint8Array> {
  const lineOf = (cells: readonly Cell[]): string => {
    const line = cells.map((cell) => written(cell, delimiter)).join(delimiter);
    // A line without anything is no row to most readers.
    return `${line === "" ? '""' : line}\r\n`;
  };
  yield Buffer.from(`${mark ? "\uFEFF" : ""}${lineOf(columns.map(({ name }) => name))}`);
  for await (const batch of rows) yield Buffer.from(batch.map(lineOf).join(""));
}

/** Nothing is an empty cell, an empty text a quoted one, so that readers that tell them apart can. */
const written = (cell: Cell, delimiter: string): string => {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  const text = isFormula(cell) ? `'${cell}` : cell;
  const quoted = text === "" || text !== cell || text.includes(delimiter) || /["\r\n]/.test(text);
  return quoted ? `"${text.replaceAll('"', '""')}"` : text;
};

const isFormula = (text: string): boolean => /^[=+\-@\t\r\n]/.test(text) && !plainNumber.test(text);

const plainNumber = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
