import type { HaltRule } from "../../run/stop/halt-rule.ts";
import { UsageError } from "../usage-error.ts";

/** Reads a rule as GNU parallel writes it: `soon,fail=3`, `now,fail=5%`. @throws UsageError naming the flag */
export const parseHalt = (text: string, flag: string): HaltRule => {
  const {
    when,
    count = "",
    percent,
  } = /^(?<when>soon|now),\s*fail=(?<count>\d+(?:\.\d+)?)(?<percent>%?)$/.exec(text.trim())?.groups ?? {};
  const amount = Number(count);
  const isShare = percent === "%";
  const isGood = isShare ? amount > 0 && amount <= 100 : Number.isInteger(amount) && amount >= 1;
  if ((when !== "soon" && when !== "now") || !isGood) {
    throw new UsageError(`${flag} must be soon,fail=100 or now,fail=5%, got ${JSON.stringify(text)}`);
  }
  return isShare ? { when, percent: amount } : { when, rows: amount };
};
