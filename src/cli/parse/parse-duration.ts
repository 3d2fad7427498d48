import { durationMs } from "../../time/duration.ts";
import { UsageError } from "../usage-error.ts";

/** Reads a duration such as `500ms`, `5s` or `2m` as milliseconds. @throws UsageError naming the flag */
export const parseDuration = (text: string, flag: string): number => {
  try {
    return durationMs(text, flag);
  } catch {
    const got = isNumber.test(text)
      ? `${text}${Number(text) > 0 ? ` (did you mean ${text}s?)` : ""}`
      : JSON.stringify(text);
    throw new UsageError(`${flag} must be a duration with a unit such as 5s, 2m or 500ms, got ${got}`);
  }
};

const isNumber = /^\d+(?:\.\d+)?$/;
