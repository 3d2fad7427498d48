import { minuteMs, type Quota, tolerance } from "./quota.ts";
import { RollingSum } from "./rolling-sum.ts";

/** What a sliding quota is made of. */
export interface QuotaSlidingOptions {
  /** What a minute allows; a period allows its part of it. */
  readonly limit: number;
  /** @default 60_000 */
  readonly periodMs?: number;
}

/** An exact log of the last period: what was taken comes back a period later, and no earlier. */
export const quotaSliding = ({ limit, periodMs = minuteMs }: QuotaSlidingOptions): Quota => {
  const capacity = (limit * periodMs) / minuteMs;
  const log = new RollingSum(periodMs);
  return {
    limit,
    periodMs,
    level: (now) => capacity - log.sum(now),
    waitMs: (now, amount) => {
      if (amount > Math.max(limit, capacity)) return Infinity;
      const missing = log.sum(now) + Math.min(amount, capacity) - capacity;
      return missing <= tolerance ? 0 : log.expiryMs(now, missing - tolerance);
    },
    charge: (now, amount) => log.add(now, amount),
    resetMs: (now) => log.emptyMs(now),
    // What is taken at once comes back at once, so each period repeats the one that the span began with.
    grantable: ({ fromMs, toMs, level, charged }) => {
      const periods = Math.floor((toMs - fromMs) / periodMs);
      const restMs = toMs - fromMs - periods * periodMs;
      const rest = restMs === 0 ? 0 : level + charged(fromMs - periodMs, fromMs - periodMs + restMs);
      return Math.max(0, periods * capacity + rest);
    },
  };
};
