import { minuteMs, type Quota, tolerance } from "./quota.ts";

/** What a continuous quota is made of. */
export interface QuotaBucketOptions {
  /** What a minute allows. */
  readonly limit: number;
  /** How much of the flow the bucket can hold, in time. @default 60_000 */
  readonly burstMs?: number;
  /** When the bucket is full for the first time. */
  readonly startAt: number;
}

/**
 * A bucket that refills continuously.
 *
 * Whatever a minute allows must be able to pass a bucket that holds less: it passes when the bucket is full and leaves
 * a debt, so the rate over time stays what it is.
 */
export const quotaBucket = ({ limit, burstMs = minuteMs, startAt }: QuotaBucketOptions): Quota => {
  const perMs = limit / minuteMs;
  const depth = Math.max(1, perMs * burstMs);
  let held = depth;
  let heldAt = startAt;
  const level = (now: number): number => Math.min(depth, held + Math.max(0, now - heldAt) * perMs);
  return {
    limit,
    periodMs: minuteMs,
    level,
    waitMs: (now, amount) => {
      if (amount > Math.max(limit, depth)) return Infinity;
      const missing = Math.min(amount, depth) - level(now);
      return missing <= tolerance ? 0 : missing / perMs;
    },
    charge: (now, amount) => {
      held = level(now) - amount;
      heldAt = now;
    },
    resetMs: (now) => (depth - level(now)) / perMs,
    grantable: (span) => Math.max(0, span.level + (span.toMs - span.fromMs) * perMs),
  };
};
