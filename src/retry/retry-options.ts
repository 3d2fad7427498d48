import { checkKeys } from "../call/check-keys.ts";
import type { Duration } from "../time/duration.ts";
import { durationMs } from "../time/duration.ts";

/** When a call is tried again. */
export interface RetryOptions {
  /** Attempts after the first, not counting those that a 429 sent back or that waited for a quota. @default 5 */
  readonly retries?: number;
  /** No retry begins later than this after the call's first failure, but for those that a 429 or a used-up quota sent back. @default '30m' */
  readonly maxTime?: Duration;
  /** How often a 429 may send one call back before it fails. @default 50 */
  readonly maxThrottles?: number;
  /** What a retry does when the pool's retry budget is empty. @default 'wait' for a call of many, 'fail' for a single one */
  readonly onEmptyBudget?: "fail" | "wait";
  /**
   * What a call does when a quota is used up for long: a day's quota, a spend limit, a provider that asks to wait for
   * more than two minutes. `'wait'` keeps it until the provider's own time, or tries again every 10 minutes where the
   * provider names none.
   *
   * @default 'fail'
   */
  readonly onQuota?: "fail" | "wait";
  /** How long a call waits in all for a quota that is used up. @default '25h', for a day's quota is back by then */
  readonly maxQuotaWait?: Duration;
}

/** Retry options with nothing left open. */
export interface RetryPolicy {
  readonly retries: number;
  readonly maxTimeMs: number;
  readonly maxThrottles: number;
  readonly onEmptyBudget?: "fail" | "wait";
  readonly onQuota: "fail" | "wait";
  readonly maxQuotaWaitMs: number;
}

/**
 * Fills in the defaults; a number means `{ retries }`.
 *
 * @throws RangeError when an option is out of range.
 */
export const retryPolicy = (options: number | RetryOptions = {}): RetryPolicy => {
  const given = typeof options === "number" ? { retries: options } : options;
  checkKeys("retry", "retry", given, optionNames);
  const {
    retries = 5,
    maxTime = "30m",
    maxThrottles = 50,
    onEmptyBudget,
    onQuota = "fail",
    maxQuotaWait = "25h",
  } = given;
  checkCounts({ retries, maxThrottles });
  checkChoices({ onEmptyBudget, onQuota });
  return {
    retries,
    maxTimeMs: durationMs(maxTime, '"retry.maxTime"'),
    maxThrottles,
    ...(onEmptyBudget && { onEmptyBudget }),
    onQuota,
    maxQuotaWaitMs: durationMs(maxQuotaWait, '"retry.maxQuotaWait"'),
  };
};

const optionNames = ["retries", "maxTime", "maxThrottles", "onEmptyBudget", "onQuota", "maxQuotaWait"];

const checkCounts = (counts: Readonly<Record<string, number>>): void => {
  for (const [name, value] of Object.entries(counts)) {
    if (!(Number.isInteger(value) && value >= 0)) {
      throw new RangeError(`Cannot retry: "${name}" must be a whole number from 0, got ${String(value)}`);
    }
  }
};

const checkChoices = (choices: Readonly<Record<string, string | undefined>>): void => {
  for (const [name, value] of Object.entries(choices)) {
    if (value !== undefined && value !== "fail" && value !== "wait") {
      throw new RangeError(`Cannot retry: "${name}" must be "fail" or "wait", got ${JSON.stringify(value)}`);
    }
  }
};
