import type { ErrorCause } from "../../run/errors/error-causes.ts";
import { grouped } from "../display/amount-text.ts";
import { fieldLines, type Line, lineWidth, padColumns, span } from "../display/line.ts";
import { printable, printableLine } from "../display/printable.ts";
import type { RunLookWords } from "../display/run-look-words.ts";
import type { Style } from "../display/style.ts";
import { wrapText } from "../display/wrap-text.ts";
import { type Fix, fixesOf } from "./fix.ts";

/** What the causes of a run are told with. */
export interface CauseFacts {
  readonly causes: readonly ErrorCause[];
  readonly failed: number;
  /** The rows of the run, where they are known. */
  readonly rows?: number;
  /** The errors file, as it is shown. */
  readonly errors: string;
  /** The output, as the user may type it. */
  readonly output: string;
  /** The ids that are shown of each cause. */
  readonly shownIds: number;
  readonly chinese: boolean;
}

/** A line, and whether it may be cut where the terminal ends: a command may not. */
export interface CauseLine {
  readonly line: Line;
  readonly whole?: boolean;
}

/** The failed rows by cause, each with what to do about it. */
export const causeLines = (facts: CauseFacts, style: Style, words: RunLookWords): readonly CauseLine[] => {
  const shown = facts.causes.slice(0, mostCauses);
  const columns = Math.max(...shown.map(({ code }) => code.length));
  return [
    ...headLines(facts, style, words),
    ...shown.flatMap((cause, index) => [
      { line: [] },
      ...aboutLines(cause, { index, columns }, style, words),
      ...messageLines(cause, style, words),
      ...idLines(cause, facts.shownIds, style, words),
      ...fixesOf({ ...facts, cause }).flatMap((fix) => fixLines(fix, style, words)),
    ]),
    ...(shown.length === facts.causes.length
      ? []
      : cut([[], [span(words.moreCauses(grouped(facts.causes.length - shown.length)), "dim")]])),
  ];
};

/** The rarest of many are for `--json`. */
const mostCauses = 20;

const cut = (lines: readonly Line[]): readonly CauseLine[] => lines.map((line) => ({ line }));

const headLines = (
  { errors, failed, rows, causes }: CauseFacts,
  { words: usual, width }: Style,
  words: RunLookWords,
): readonly CauseLine[] => {
  const count =
    rows === undefined || rows < failed
      ? usual.summary.rowsFailed(grouped(failed))
      : words.failedOf(grouped(failed), grouped(rows), percentOf(failed / rows));
  const fields: Line[] = [[span(count, "red")], [span(words.causes(grouped(causes.length)))]];
  return cut(fieldLines([span(`${printableLine(errors)}   `, "bold")], fields, width));
};

/** Two digits that mean something. */
const percentOf = (share: number): string => `${Number((100 * share).toPrecision(share < 0.1 ? 1 : 2))}%`;

const aboutLines = (
  { code, count, status, models, attempts, retryable }: ErrorCause,
  { index, columns }: { readonly index: number; readonly columns: number },
  { words: usual, width }: Style,
  words: RunLookWords,
): readonly CauseLine[] => {
  const say = usual.summary;
  const fields: Line[] = [
    [span(say.rowsInFile(grouped(count)))],
    ...(status === undefined ? [] : [[span(`HTTP ${status}`)]]),
    ...(models.length === 0 ? [] : [[span(models.map(printableLine).join(", "))]]),
    ...(attempts === undefined ? [] : [[span(words.attempts(grouped(attempts.least), grouped(attempts.most)), "dim")]]),
    [span(retryable ? say.retryable : say.notRetryable, retryable ? "yellow" : "red")],
  ];
  const label = [span(`${padColumns(String(index + 1), 3)}${padColumns(code, columns)}   `, "bold")];
  return cut(fieldLines(label, fields, width));
};

const indent = "   ";
const mostMessageLines = 4;

const messageLines = ({ message }: ErrorCause, { width, glyphs }: Style, words: RunLookWords): readonly CauseLine[] => {
  const text = message === undefined ? words.variousMessages : printableLine(message);
  const lines = wrapText(text, Math.max(10, width - indent.length), mostMessageLines, glyphs.ellipsis);
  return cut(lines.map((line) => [span(indent + line)]));
};

const idLines = (
  { ids, count }: ErrorCause,
  most: number,
  { width }: Style,
  words: RunLookWords,
): readonly CauseLine[] => {
  const shown = ids.slice(0, most);
  if (shown.length === 0) return [];
  const more = count - shown.length;
  const fields: Line[] = [
    [span(shown.map(printableLine).join(" "))],
    ...(more > 0 ? [[span(words.moreIds(grouped(more)), "dim")]] : []),
  ];
  return cut(fieldLines([span(`${indent}${padColumns(words.ids, labelColumns)}`, "dim")], fields, width));
};

const labelColumns = 6;

const fixLines = ({ kind, reason, command }: Fix, { width }: Style, words: RunLookWords): readonly CauseLine[] => {
  const label = span(`${indent}${padColumns(words[kind], labelColumns)}`, "dim");
  const typed = command === undefined ? [] : [span(printable(command), "cyan")];
  if (reason === undefined) return [{ line: [label, ...typed], whole: true }];
  const line = [label, span(typed.length === 0 ? reason : `${words.because(reason)}  `), ...typed];
  if (typed.length === 0 || lineWidth(line) <= width) return [{ line }];
  return [
    ...wrapText(words.because(reason), Math.max(10, width - indent.length - labelColumns), mostMessageLines).map(
      (text, index) => ({
        line: [index === 0 ? label : span(" ".repeat(indent.length + labelColumns)), span(text)],
      }),
    ),
    { line: [span(" ".repeat(indent.length + labelColumns)), ...typed], whole: true },
  ];
};
