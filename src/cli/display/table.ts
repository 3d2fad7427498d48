import { type Line, lineWidth, span } from "./line.ts";
import type { Style } from "./style.ts";

/** Rows as lines whose columns stand below each other, coloured where colours are wanted. */
export const tableLines = (
  rows: readonly (readonly Line[])[],
  style: Pick<Style, "colours" | "glyphs">,
): readonly string[] => {
  const table = rows.map((row) =>
    row.map((cell) => cell.map((piece) => ({ ...piece, text: shown(piece.text, style) }))),
  );
  const widths = table.reduce<number[]>(
    (known, row) => row.map((cell, column) => Math.max(known[column] ?? 0, lineWidth(cell))),
    [],
  );
  return table.map((row) =>
    row
      .flatMap((cell, column) => [...cell, span(" ".repeat(gapAfter(cell, column, widths)))])
      .map(({ text, paint }) => (paint === undefined ? text : style.colours[paint](text)))
      .join("")
      .trimEnd(),
  );
};

/** Text with the sign for what is left out as the terminal can show it: masked keys have one. */
export const shown = (text: string, { glyphs }: Pick<Style, "glyphs">): string => text.replaceAll("…", glyphs.ellipsis);

const gap = 3;

const gapAfter = (cell: Line, column: number, widths: readonly number[]): number =>
  column === widths.length - 1 ? 0 : (widths[column] ?? 0) - lineWidth(cell) + gap;
