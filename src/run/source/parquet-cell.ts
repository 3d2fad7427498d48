import type { SchemaElement } from "hyparquet";
import type { JsonValue } from "../../call/json.ts";

/** The value of a cell as JSON has it: whole numbers beyond 2^53 as text, dates as ISO 8601 has them, bytes in base64. */
export const jsonOfCell = (cell: unknown, field: SchemaElement | undefined): JsonValue => {
  if (typeof cell === "string" || typeof cell === "boolean") return cell;
  if (typeof cell === "number") return Number.isFinite(cell) ? cell : String(cell);
  if (typeof cell === "bigint") return isSafe(cell) ? Number(cell) : String(cell);
  return typeof cell === "object" && cell !== null ? jsonOfObject(cell, field) : null;
};

const isSafe = (value: bigint): boolean =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);

const jsonOfObject = (cell: object, field: SchemaElement | undefined): JsonValue => {
  if (cell instanceof Date) return dateText(cell, field);
  if (Array.isArray(cell)) return cell.map((item) => jsonOfCell(item, undefined));
  if (cell instanceof Uint8Array) return Buffer.from(cell).toString("base64");
  if (ArrayBuffer.isView(cell))
    return Array.from(cell as unknown as Iterable<unknown>, (item) => jsonOfCell(item, undefined));
  return Object.fromEntries(Object.entries(cell).map(([name, value]) => [name, jsonOfCell(value, undefined)]));
};

/** A day has no time of day. */
const dateText = (date: Date, field: SchemaElement | undefined): string => {
  if (Number.isNaN(date.getTime())) return "";
  const isDay = field?.converted_type === "DATE" || field?.logical_type?.type === "DATE";
  return isDay ? date.toISOString().slice(0, 10) : date.toISOString();
};
