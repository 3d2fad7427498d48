import { isJsonObject, type JsonValue } from "../call/json.ts";
import { durationTextMs } from "./duration-text.ts";
import type { HttpHeaders } from "./http-contract.ts";

/** How long the headers of an answer ask to wait, in milliseconds. 0 is an answer. */
export const retryAfterHeaderMs = (headers: HttpHeaders, wallNow: number): number | undefined => {
  const ms = headers["retry-after-ms"];
  if (ms !== undefined && /^\s*\d+(?:\.\d+)?\s*$/.test(ms)) return Number(ms);
  const value = headers["retry-after"];
  if (value === undefined) return undefined;
  return durationTextMs(value) ?? untilDate(value, headers["date"], wallNow);
};

/** A date is read against the server's own clock where it tells it: ours may be wrong. */
const untilDate = (value: string, date: string | undefined, wallNow: number): number | undefined => {
  if (!/[a-z]{3}/i.test(value)) return undefined;
  const at = Date.parse(value);
  if (Number.isNaN(at)) return undefined;
  const serverNow = date === undefined ? NaN : Date.parse(date);
  return Math.max(0, at - (Number.isNaN(serverNow) ? wallNow : serverNow));
};

const hint =
  /\b(?:try again|retry) (?:in|after) ((?:\d+(?:\.\d+)?\s*(?:milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|h|days?|d)(?![a-z])[\s,]*)+)/i;

/** How long the body of an error asks to wait: Google's `RetryInfo`, or words such as "try again in 8.71s". */
export const retryAfterBodyMs = (message: string, details: JsonValue | undefined): number | undefined => {
  if (Array.isArray(details)) {
    for (const detail of details as readonly JsonValue[]) {
      const delay = isJsonObject(detail) ? detail["retryDelay"] : undefined;
      if (typeof delay === "string") return durationTextMs(delay);
    }
  }
  const words = hint.exec(message)?.[1];
  return words === undefined ? undefined : durationTextMs(shortened(words));
};

const shortened = (words: string): string =>
  words
    .toLowerCase()
    .replace(/[\s,]+/g, "")
    .replace(/milliseconds?/g, "ms")
    .replace(/(\d)(s|m|h|d)[a-z]*/g, (match, digit: string, unit: string) =>
      match.endsWith("ms") ? match : digit + unit,
    );
