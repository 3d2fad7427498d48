import { type JsonObject, type JsonValue, isJsonObject } from "../../call/json.ts";

/** The value of a column, or of `a.b` inside one; nothing when there is none. Inherited names such as `constructor` are no columns. */
export const columnValue = (columns: JsonObject, name: string): JsonValue | undefined => {
  if (Object.hasOwn(columns, name)) return columns[name];
  if (!name.includes(".")) return undefined;
  let value: JsonValue | undefined = columns;
  for (const part of name.split(".")) {
    if (value === null) return null;
    value = fieldOf(value, part);
    if (value === undefined) return undefined;
  }
  return value;
};

const fieldOf = (value: JsonValue, name: string): JsonValue | undefined => {
  if (Array.isArray(value)) return /^\d+$/.test(name) ? value[Number(name)] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
};
