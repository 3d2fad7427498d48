import type { AccountSettings, QuotaShape } from "./account-options.ts";
import { type OptionCheck, wholeUpTo } from "./check-option.ts";

/** Refuses an account that means nothing. */
export const checkAccount = (settings: AccountSettings, check: OptionCheck): void => {
  for (const name of positive) {
    const value = settings[name];
    if (value !== undefined) check(name, value, wholeUpTo(1), "a positive integer");
  }
  check("headerQuantum", settings.headerQuantum, wholeUpTo(1), "a positive integer");
  check("foreignShare", settings.foreignShare, (share) => share >= 0 && share < 1, "a number from 0 to below 1");
  check("tokenCharge", settings.tokenCharge, isOneOf(["bound", "actual"]), "'bound' or 'actual'");
  checkShape("", settings, check);
  for (const name of ["requestQuota", "tokenQuota"] as const) {
    const own = settings[name];
    if (typeof own === "string") check(name, own, isOneOf(kinds), kindsText);
    else if (own !== undefined) checkShape(`${name}.`, own, check);
  }
};

const checkShape = (prefix: string, shape: QuotaShape, check: OptionCheck): void => {
  const { quota, burstMs, windowMs, windowPhaseMs } = shape;
  if (quota !== undefined) check(`${prefix}quota`, quota, isOneOf(kinds), kindsText);
  if (burstMs !== undefined) check(`${prefix}burstMs`, burstMs, wholeUpTo(1), "a positive integer");
  if (windowMs !== undefined) check(`${prefix}windowMs`, windowMs, wholeUpTo(1), "a positive integer");
  if (windowPhaseMs !== undefined)
    check(`${prefix}windowPhaseMs`, windowPhaseMs, wholeUpTo(0), "an integer of at least 0");
};

const positive = [
  "requestsPerMinute",
  "tokensPerMinute",
  "inputTokensPerMinute",
  "outputTokensPerMinute",
  "maxConcurrent",
  "kneeConcurrent",
] as const;

const kinds = ["bucket", "window", "sliding"] as const;
const kindsText = "'bucket', 'window' or 'sliding'";

const isOneOf =
  (values: readonly string[]) =>
  (value: string): boolean =>
    values.includes(value);
