import type { Cell } from "./cell.ts";
import type { FlatColumn } from "./flat-columns.ts";

/** A table as JSON lines: every row has every column, null where there is nothing. */
export async function* flatLines(
  columns: readonly FlatColumn[],
  rows: AsyncIterable<readonly (readonly Cell[])[]>,
): AsyncGenerator<Uint8Array> {
  const keys = columns.map(({ name }) => `${JSON.stringify(name)}:`);
  const lineOf = (cells: readonly Cell[]): string =>
    `{${cells.map((cell, place) => `${keys[place]}${JSON.stringify(cell)}`).join(",")}}\n`;
  for await (const batch of rows) yield Buffer.from(batch.map(lineOf).join(""));
}
