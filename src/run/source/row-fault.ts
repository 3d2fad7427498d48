import { closest } from "../../call/did-you-mean.ts";
import type { JsonObject } from "../../call/json.ts";
import { excerpt } from "./excerpt.ts";
import { lineFault, type Place, placeText } from "./fault.ts";
import { InputError } from "./input-error.ts";

/** A row and where it stands. */
export interface PlacedRow extends Place {
  readonly columns: JsonObject;
}

/** The failure of a row that is JSON, but not a row. */
export const rowFault = (
  { name, line, unit = "line" }: PlacedRow,
  what: string,
  notes: readonly string[] = [],
): InputError => lineFault({ name, line, unit, what, notes });

/** The failure of a row that says nothing to ask. */
export const nothingAsked = (row: PlacedRow): InputError => {
  const example = Object.keys(row.columns).find((column) => !/(^|_)id$/i.test(column)) ?? "column";
  return rowFault(row, "neither a prompt, nor messages, nor a request body", [
    columnList(row.columns),
    `make a prompt of its columns:  -p '… {{${excerpt(example, 40)}}}'`,
  ]);
};

/** The failure of a row without a column that is needed. `user` is what needs it, in words. */
export const columnMissing = (
  row: PlacedRow,
  user: string,
  column: string,
  quote: (column: string) => string = inBraces,
): InputError => {
  const meant = closest(column, Object.keys(row.columns));
  const hint = meant === undefined ? "" : `        did you mean ${quote(meant)}?`;
  const wanted = `${user} ${quote(excerpt(column, 60))}`;
  const headline = `${wanted}, but ${placeText(row)} has no such column  (nothing was sent)`;
  const notes = [columnList(row.columns) + hint, ...(isWholeRequest(row.columns) ? [wholeRequestAdvice] : [])];
  return new InputError(headline, { line: row.line, what: `${wanted}, and there is no such column`, notes });
};

const wholeRequestAdvice = "the row is a whole request already: leave out -p to send it as it is";

const isWholeRequest = (columns: JsonObject): boolean =>
  Object.hasOwn(columns, "body") && Object.hasOwn(columns, "url");

const inBraces = (column: string): string => `{{${column}}}`;

const maxColumnsShown = 20;

const columnList = (columns: JsonObject): string => {
  const names = Object.keys(columns);
  const shown = names.slice(0, maxColumnsShown).map((name) => excerpt(name, 40));
  const more = names.length - shown.length;
  return `columns    ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
};
