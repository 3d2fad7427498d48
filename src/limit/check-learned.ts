import { checkKeys } from "../call/check-keys.ts";
import type { LearnedLimits } from "./learned-limits.ts";
import type { Limits } from "./limits.ts";

/** What was kept may have been damaged. @throws RangeError when a figure is not a number above 0. */
export const checkLearned = (learned: LearnedLimits, names: readonly (keyof Limits)[]): void => {
  checkKeys("begin with what was learned", "learnedLimits", learned, ["maxConcurrent", "rates"]);
  const { maxConcurrent, rates = {} } = learned;
  check("maxConcurrent", maxConcurrent, 1);
  checkKeys("begin with what was learned", "learnedLimits.rates", rates, names);
  for (const [name, rate] of Object.entries(rates)) {
    checkKeys("begin with what was learned", `learnedLimits.rates.${name}`, rate, ["limit", "perMs"]);
    check(`rates.${name}.limit`, rate.limit, 1);
    check(`rates.${name}.perMs`, rate.perMs, 0);
  }
};

const check = (name: string, value: unknown, least: number): void => {
  if (value === undefined || (Number.isFinite(value) && Number(value) >= least && Number(value) > 0)) return;
  throw new RangeError(
    `Cannot begin with what was learned: "learnedLimits.${name}" must be a number ${least === 0 ? "above 0" : "from 1"}, got ${typeof value === "number" ? String(value) : JSON.stringify(value)}`,
  );
};
