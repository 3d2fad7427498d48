import stringWidth from "string-width";
import type { Style } from "./style.ts";

/** How a piece of text is to stand out. */
export type Paint = "bold" | "dim" | "green" | "red" | "yellow" | "cyan";

/** A piece of a line. */
export interface Span {
  readonly text: string;
  readonly paint?: Paint;
}

/** A line before it is fitted to a terminal. */
export type Line = readonly Span[];

/** A piece of a line, painted or plain. */
export const span = (text: string, paint?: Paint): Span => (paint === undefined ? { text } : { text, paint });

/** The columns that a line takes. */
export const lineWidth = (line: Line): number => line.reduce((sum, { text }) => sum + stringWidth(text), 0);

/** A line as it is printed: cut where the width ends, coloured where colours are wanted. */
export const printLine = (
  line: Line,
  { width, glyphs, colours }: Pick<Style, "width" | "glyphs" | "colours">,
): string => {
  const cut = lineWidth(line) <= width ? line : [...clip(line, width - glyphs.ellipsis.length), span(glyphs.ellipsis)];
  return cut.map(({ text, paint }) => (paint === undefined ? text : colours[paint](text))).join("");
};

/** As many of the fields as fit, in order, after a label. */
export const fieldLine = (label: Line, fields: readonly Line[], width: number, gap = 3): Line => {
  const line: Span[] = [...label];
  let used = lineWidth(label);
  let separator = "";
  for (const field of fields) {
    const needed = separator.length + lineWidth(field);
    if (separator !== "" && used + needed > width) break;
    line.push(span(separator), ...field);
    used += needed;
    separator = " ".repeat(gap);
  }
  return line;
};

/** All the fields after a label: what does not fit goes on on the next line, below the first field. */
export const fieldLines = (label: Line, fields: readonly Line[], width: number): readonly Line[] => {
  const indent = lineWidth(label);
  const lines: Span[][] = [[...label]];
  let used = indent;
  const put = (piece: Line, gap: number): void => {
    const columns = lineWidth(piece);
    const between = used === indent ? 0 : gap;
    if (between > 0 && used + between + columns > width) {
      lines.push([span(" ".repeat(indent)), ...piece]);
      used = indent + columns;
      return;
    }
    lines.at(-1)?.push(span(" ".repeat(between)), ...piece);
    used += between + columns;
  };
  for (const field of fields) {
    const pieces = indent + lineWidth(field) <= width ? [field] : wordsOf(field);
    pieces.forEach((piece, index) => put(piece, index === 0 ? 3 : 1));
  }
  return lines;
};

/** The parts of a field that are apart by more than a space belong together; else its words. */
const wordsOf = (field: Line): readonly Line[] =>
  field.flatMap(({ text, paint }) =>
    text.split(text.includes("  ") ? / {2,}/ : " ").map((word) => [span(word, paint)]),
  );

/** Text with spaces after it up to a number of columns; wide characters take two. */
export const padColumns = (text: string, columns: number): string =>
  text + " ".repeat(Math.max(0, columns - stringWidth(text)));

/** Text with spaces before it up to a number of columns. */
export const padLeft = (text: string, columns: number): string =>
  " ".repeat(Math.max(0, columns - stringWidth(text))) + text;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

const clip = (line: Line, width: number): Line => {
  const clipped: Span[] = [];
  let left = width;
  for (const { text, paint } of line) {
    let kept = "";
    for (const { segment } of graphemes.segment(text)) {
      const columns = stringWidth(segment);
      if (columns > left) return [...clipped, span(kept, paint)];
      kept += segment;
      left -= columns;
    }
    clipped.push(span(kept, paint));
  }
  return clipped;
};
