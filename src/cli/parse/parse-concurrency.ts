import type { Limits } from "../../limit/limits.ts";
import { UsageError } from "../usage-error.ts";

/** Reads how many calls may run at once: a number, bounds such as `10-100`, or `auto`. @throws UsageError naming the flag */
export const parseConcurrency = (text: string, flag: string): NonNullable<Limits["maxConcurrent"]> => {
  const value = text.trim();
  if (value === "auto") return "auto";
  const numbers = /^(\d+)(?:-(\d+))?$/.exec(value)?.slice(1) ?? [];
  const [least = Number.NaN, most = least] = numbers.map((digits) =>
    digits === undefined ? undefined : Number(digits),
  );
  if (!(least >= 1 && most >= 1 && Number.isSafeInteger(least) && Number.isSafeInteger(most))) {
    const got = JSON.stringify(text);
    throw new UsageError(`${flag} must be a whole number of at least 1, a range such as 10-100, or auto, got ${got}`);
  }
  if (least > most) {
    throw new UsageError(`${flag} ${value}: the range ends below its beginning (did you mean ${most}-${least}?)`);
  }
  return least === most ? least : { min: least, max: most };
};
