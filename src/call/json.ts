/** A value as JSON carries it. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object: a request or response body as it goes over the wire. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** Tells an object from an array, a primitive and null. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
