import type { JsonValue } from "../call/json.ts";
import { isJsonObject } from "../call/json.ts";
import { holdsError } from "./error-body.ts";
import { parsedJson } from "./parsed-json.ts";

/** No error is longer, in characters. */
const maxLength = 2 ** 20;

/**
 * Looks for an error that stands bare between the events of a stream, on one line or on several: Gemini reports so what
 * goes wrong after the head. It is told the lines that are no field of an event.
 */
export const createBareErrors = (onError: (text: string) => void): ((line: string) => void) => {
  let text = "";
  let depth = 0;
  return (line) => {
    if (depth === 0 && !/^\s*[[{]/.test(line)) return;
    text += text === "" ? line : `\n${line}`;
    depth = Math.max(0, depth + nesting(line));
    if (depth > 0 && text.length <= maxLength) return;
    const whole = text;
    text = "";
    depth = 0;
    // What is no JSON costs an error to find out; without a word of these it cannot say that anything went wrong.
    if (/error|base_resp/.test(whole) && isError(parsedJson(whole))) onError(whole);
  };
};

const isError = (value: JsonValue | undefined): boolean => {
  const body = Array.isArray(value) ? (value as readonly JsonValue[])[0] : value;
  return isJsonObject(body) && holdsError(body);
};

/** By how much deeper a line of JSON leaves us; no string of it goes on after its end. */
const nesting = (line: string): number => {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const mark = line[at];
    if (quoted && mark === "\\") at++;
    else if (mark === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (mark === "{" || mark === "[") depth++;
    else if (mark === "}" || mark === "]") depth--;
  }
  return depth;
};
