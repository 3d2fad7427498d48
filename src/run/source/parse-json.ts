import type { JsonValue } from "../../call/json.ts";
import { exactNumbers } from "./exact-numbers.ts";
import { pointedExcerpt } from "./excerpt.ts";
import { lineFault, type Place } from "./fault.ts";
import { jsonFault } from "./json-fault.ts";

/** The row that a text of JSON is. @throws InputError with the place where it stops being JSON */
export const parseJson = (text: string, place: Place): JsonValue => {
  const value = parsed(text, place);
  // A value needs two characters for each level, so most lines need no look.
  if (text.length > 2 * deepest && isDeeper(value, deepest)) {
    throw lineFault({ ...place, what: `nested more than ${deepest} levels deep` });
  }
  return exactNumbers(value, text);
};

/** No provider takes more, and every step that follows goes through the levels one by one. */
const deepest = 500;

const isDeeper = (value: JsonValue, levels: number): boolean => {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner as JsonValue, levels - 1));
};

const parsed = (text: string, place: Place): JsonValue => {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    const { position = 0, remark = "cannot be parsed" } = jsonFault(text) ?? {};
    const notes = pointedExcerpt(text, position, remark);
    const line = place.line + newlinesIn(text.slice(0, position));
    throw lineFault({ ...place, line, what: "not valid JSON", notes, showsText: true, cause });
  }
};

/** An element of a list may go over several lines. */
const newlinesIn = (text: string): number => text.split("\n").length - 1;
