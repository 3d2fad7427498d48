import stringWidth from "string-width";
import { grouped } from "../display/amount-text.ts";
import { type Line, lineWidth, printLine, span } from "../display/line.ts";
import { costText } from "../display/money-text.ts";
import { printableLine } from "../display/printable.ts";
import { type Style, styleOf } from "../display/style.ts";
import { tableLines } from "../display/table.ts";
import { roughText } from "../display/time-text.ts";
import { isLive, type SeenRun } from "./seen-run.ts";
import { type StatusFacts, stateText } from "./status-lines.ts";

/** The runs of a machine as a table; a narrow terminal gets fewer columns. */
export const runsTable = (runs: readonly SeenRun[], facts: StatusFacts): readonly string[] => {
  const { style } = facts;
  const tables = layouts.map((columns) => cellsOf(columns, runs, facts));
  const fitting = tables.find((rows) => columnsOf(rows) <= style.width) ?? withStateCut(tables.at(-1) ?? [], style);
  return tableLines(fitting, style);
};

type Column = "state" | "output" | "rows" | "failed" | "rate" | "cost" | "updated";
type Row = readonly Line[];

/** The first that fits is shown. */
const layouts: readonly (readonly Column[])[] = [
  ["state", "output", "rows", "failed", "rate", "cost", "updated"],
  ["state", "output", "rows", "failed", "updated"],
  ["state", "output", "rows", "updated"],
  ["state", "output", "rows"],
];

const cellsOf = (layout: readonly Column[], runs: readonly SeenRun[], facts: StatusFacts): readonly Row[] => {
  const columns = layout.filter((column) => runs.some((run) => textOf(run, column, facts) !== ""));
  const heads = columns.map((column): Line => [span(facts.words.head[column], "dim")]);
  return [heads, ...runs.map((run) => columns.map((column) => cellOf(run, column, facts)))];
};

const columnsOf = (rows: readonly Row[]): number =>
  Math.max(0, ...tableLines(rows, plain).map((line) => stringWidth(line)));

const plain = styleOf({ columns: 0, colour: false, ascii: false, chinese: false });

/** Where nothing else is left to leave out, the states, which come first, are cut. */
const withStateCut = (rows: readonly Row[], style: Style): readonly Row[] => {
  const others = columnsOf(rows) - Math.max(0, ...rows.map(([state]) => lineWidth(state ?? [])));
  const width = Math.max(4, style.width - others);
  return rows.map(([state = [], ...more]) => [
    state.map(({ text, paint }) => span(printLine([span(text)], { ...style, width }), paint)),
    ...more,
  ]);
};

const cellOf = (run: SeenRun, column: Column, facts: StatusFacts): Line => {
  const text = textOf(run, column, facts);
  if (column === "state") return [span(text, stateText(run, facts.words)[1])];
  if (column === "output") return [span(text, "bold")];
  return column === "updated" ? [span(text, "dim")] : [span(text)];
};

const textOf = (run: SeenRun, column: Column, { words, style, now, shown }: StatusFacts): string => {
  const { status } = run;
  if (column === "state") return stateText(run, words)[0];
  if (column === "output") return shortPath(printableLine(shown(run.paths.output)), style.width);
  if (status === undefined) return "";
  switch (column) {
    case "rows":
      return `${grouped(status.rows - status.remaining)}/${grouped(status.rows)}`;
    case "failed":
      return status.failed === 0 ? "" : grouped(status.failed);
    case "rate":
      return isLive(run) ? style.words.requestsPerMinute(grouped(status.requests_per_minute)) : "";
    case "cost":
      return costText({ costs: status.costs, unpricedCalls: status.unpriced_calls }, style.words) ?? "";
    case "updated":
      return words.ago(roughText(Math.max(0, now - Date.parse(status.updated_at)), style.words));
  }
};

/** The end of a path tells more than its beginning. */
const shortPath = (path: string, width: number): string => {
  const most = Math.max(16, Math.floor(width / 2) - 8);
  return path.length <= most ? path : `…${path.slice(1 - most)}`;
};
