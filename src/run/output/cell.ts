import type { JsonValue } from "../../call/json.ts";

/** What one place of a table holds; null where there is nothing. */
export type Cell = string | number | boolean | null;

/** What all cells of a column are, if they are not null. An integer is one that a double holds exactly. */
export type CellKind = "text" | "integer" | "number" | "boolean";

/** The kind of a value by itself: lists and objects are texts of JSON. Nothing has no kind. */
export const kindOf = (value: JsonValue | undefined): CellKind | undefined => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "number") return Number.isSafeInteger(value) ? "integer" : "number";
  return "text";
};

/** The kind that holds values of both; whatever mixes becomes text. */
export const commonKind = (one: CellKind | undefined, other: CellKind | undefined): CellKind | undefined => {
  if (one === undefined || other === undefined || one === other) return one ?? other;
  const bothNumbers = one !== "text" && one !== "boolean" && other !== "text" && other !== "boolean";
  return bothNumbers ? "number" : "text";
};

/** A value as a cell of a column. */
export const cellOf = (value: JsonValue | undefined, kind: CellKind): Cell => {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value;
  if (kind === "text" || typeof value === "object") return JSON.stringify(value);
  return value as number | boolean;
};
