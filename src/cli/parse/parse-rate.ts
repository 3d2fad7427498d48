import { UsageError } from "../usage-error.ts";
import { parseCount } from "./parse-count.ts";

/** Reads a rate such as `500`, `500/m` or `8/s` as a number per minute. @throws UsageError naming the flag */
export const parseRate = (text: string, flag: string): number => {
  const [amount = "", unit = "m", ...rest] = text.trim().split("/");
  if (rest.length > 0 || (unit !== "m" && unit !== "s")) throw refusal(text, flag);
  try {
    return unit === "s" ? perMinute(amount) : parseCount(amount, flag);
  } catch {
    throw refusal(text, flag);
  }
};

/** A rate per second may have a fraction: 0.5/s is 30 a minute. */
const perMinute = (amount: string): number => {
  const seconds = /^\d+(?:\.\d+)?$/.test(amount) ? Number(amount) : parseCount(amount, "");
  return parseCount(String(Math.floor(seconds * 60)), "");
};

const refusal = (text: string, flag: string): UsageError =>
  new UsageError(`${flag} must be a rate such as 500, 500/m, 8/s or 3k, got ${JSON.stringify(text)}`);
