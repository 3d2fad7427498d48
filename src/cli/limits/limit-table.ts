import { grouped } from "../display/amount-text.ts";
import { limitFlag, limitName } from "../display/limit-text.ts";
import { type Line, span } from "../display/line.ts";
import type { LookWords } from "../display/look-words.ts";
import { printableLine } from "../display/printable.ts";
import type { Style } from "../display/style.ts";
import { tableLines } from "../display/table.ts";
import { roughText } from "../display/time-text.ts";
import type { LimitRow } from "./limit-rows.ts";

/** The limits as a table. @param rememberedMs how long ago earlier runs found out what is remembered */
export const limitTable = (
  rows: readonly LimitRow[],
  rememberedMs: number | undefined,
  style: Style,
  words: LookWords,
): readonly string[] => {
  const heads = [words.limit, words.value, words.source, words.used, words.binding].map((head) => [span(head, "dim")]);
  const arrow = style.glyphs.arrow === "→" ? "←" : "<-";
  const cells = rows.map((row): readonly Line[] => [
    [span(limitName(row.name, style.words))],
    row.value === undefined ? [span(words.unknown, "dim")] : [span(grouped(row.value), "bold")],
    [span(sourceText(row, rememberedMs, style, words))],
    [span(usedText(row))],
    row.binding ? [span(arrow, "cyan")] : [],
  ]);
  return tableLines([heads, ...cells], style);
};

const sourceText = (
  { name, value, source, origin }: LimitRow,
  rememberedMs: number | undefined,
  style: Style,
  words: LookWords,
): string => {
  switch (source) {
    case "configured":
      return origin === undefined || origin.startsWith("flag ") ? `${limitFlag(name)} ${value}` : printableLine(origin);
    case "remembered":
      return words.learnedBefore(roughText(rememberedMs ?? 0, style.words));
    case "header":
      return words.header;
    case "learned":
      return words.learned;
    case "auto":
      return words.auto;
    case "unknown":
      return words.unknownSource;
  }
};

const usedText = ({ used, value }: LimitRow): string =>
  value === undefined ? grouped(used) : `${grouped(used)} (${Math.round((100 * used) / value)}%)`;
