import { type Duration, durationMs } from "../../time/duration.ts";
import { UsageError } from "../usage-error.ts";

/** Reads a duration such as `500ms`, `3s` or `2m`; a bare number is milliseconds. @throws UsageError naming the flag */
export const parseDuration = (text: string, flag: string): Duration => {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : text;
  try {
    return durationMs(value, flag);
  } catch {
    throw new UsageError(`${flag} must be a duration such as 500ms, 3s, 2m or 1h, got ${JSON.stringify(text)}`);
  }
};
