import type { JsonValue } from "../call/json.ts";

/** The value of a text; `undefined` when it is not JSON. */
export const parsedJson = (text: string): JsonValue | undefined => {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
};
