import { excerpt } from "./excerpt.ts";
import { type PlacedRow, columnMissing, rowFault } from "./row-fault.ts";

const maxIdLength = 512;

/** The id that the row gives: in the column named, else in `custom_id` when there is one. @throws InputError when it is no id */
export const explicitId = (row: PlacedRow, idColumn: string | undefined): string | undefined => {
  const column = idColumn ?? "custom_id";
  const value = Object.hasOwn(row.columns, column) ? row.columns[column] : undefined;
  if (value === undefined && idColumn !== undefined) {
    throw columnMissing(row, "the ids are to come from", idColumn, JSON.stringify);
  }
  if (value === undefined || (value === null && idColumn === undefined)) return undefined;
  const id = typeof value === "number" ? String(value) : value;
  if (typeof id === "string" && id !== "" && id.length <= maxIdLength && isWellFormed(id)) return id;
  const shown = excerpt(JSON.stringify(value), 40);
  throw rowFault(row, `"${column}" must be a text of 1 to ${maxIdLength} characters or a number, got ${shown}`);
};

/** Half of a letter cannot be written into a file and read again. */
const isWellFormed = (id: string): boolean => !/\p{Surrogate}/u.test(id);
