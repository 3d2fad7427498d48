import { checkKeys } from "../call/check-keys.ts";
import type { Duration } from "../time/duration.ts";
import { durationMs } from "../time/duration.ts";

/** When a call is tried again. */
export interface RetryOptions {
  /** Attempts after the first, not counting those that a 429 sent back. @default 5 */
  readonly retries?: number;
  /** No retry begins later than this after the call's first failure, but for those that a 429 sent back. @default '30m' */
  readonly maxTime?: Duration;
  /** How often a 429 may send one call back before it fails. @default 50 */
  readonly maxThrottles?: number;
  /** What a retry does when the pool's retry budget is empty. @default 'wait' for a call of many, 'fail' for a single one */
  readonly onEmptyBudget?: "fail" | "wait";
}

/** Retry options with nothing left open. */
export interface RetryPolicy {
  readonly retries: number;
  readonly maxTimeMs: number;
  readonly maxThrottles: number;
  readonly onEmptyBudget?: "fail" | "wait";
}

/**
 * Fills in the defaults; a number means `{ retries }`.
 *
 * @throws RangeError when an option is out of range.
 */
export const retryPolicy = (options: number | RetryOptions = {}): RetryPolicy => {
  const given = typeof options === "number" ? { retries: options } : options;
  checkKeys("retry", "retry", given, ["retries", "maxTime", "maxThrottles", "onEmptyBudget"]);
  const { retries = 5, maxTime = "30m", maxThrottles = 50, onEmptyBudget } = given;
  for (const [name, value] of Object.entries({ retries, maxThrottles })) {
    if (!(Number.isInteger(value) && value >= 0)) {
      throw new RangeError(`Cannot retry: "${name}" must be a whole number from 0, got ${String(value)}`);
    }
  }
  return {
    retries,
    maxTimeMs: durationMs(maxTime, '"retry.maxTime"'),
    maxThrottles,
    ...(onEmptyBudget && { onEmptyBudget }),
  };
};
