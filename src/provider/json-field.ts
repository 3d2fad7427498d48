import { isJsonObject, type JsonObject, type JsonValue } from "../call/json.ts";

/** A field of what should be an object. */
export const field = (value: JsonValue | undefined, name: string): JsonValue | undefined =>
  isJsonObject(value) ? value[name] : undefined;

/** A text; empty where there is none. */
export const textOf = (value: JsonValue | undefined): string => (typeof value === "string" ? value : "");

/** A number of tokens; `undefined` where none is told. */
export const countOf = (value: JsonValue | undefined): number | undefined =>
  typeof value === "number" && value >= 0 ? value : undefined;

/** The objects of a list. */
export const objectsOf = (list: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(list) ? (list as readonly JsonValue[]).filter(isJsonObject) : [];

/** The items of a list, whatever they are. */
export const itemsOf = (list: JsonValue | undefined): readonly JsonValue[] =>
  Array.isArray(list) ? (list as readonly JsonValue[]) : [];
