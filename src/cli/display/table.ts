import { type Line, lineWidth, span } from "./line.ts";
import type { Style } from "./style.ts";

/** Rows as lines whose columns stand below each other, coloured where colours are wanted. */
export const tableLines = (
  rows: readonly (readonly Line[])[],
  { colours }: Pick<Style, "colours">,
): readonly string[] => {
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((cell, column) => Math.max(known[column] ?? 0, lineWidth(cell))),
    [],
  );
  return rows.map((row) =>
    row
      .flatMap((cell, column) => [...cell, span(" ".repeat(gapAfter(cell, column, widths)))])
      .map(({ text, paint }) => (paint === undefined ? text : colours[paint](text)))
      .join("")
      .trimEnd(),
  );
};

const gap = 3;

const gapAfter = (cell: Line, column: number, widths: readonly number[]): number =>
  column === widths.length - 1 ? 0 : (widths[column] ?? 0) - lineWidth(cell) + gap;
