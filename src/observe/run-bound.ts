import { type Costs, type LowerBound, lowerBound, type Rate } from "./lower-bound.ts";
import type { WorkSoFar } from "./work-done.ts";

/** What was possible under the limits, and how much of it was achieved. */
export interface RunBound extends LowerBound {
  /** The bound over the time that was really needed, from 0 to 1. */
  readonly achievedShare: number;
}

/** One limit as a limiter states it. */
export interface StatedLimit {
  readonly name: string;
  readonly value?: number;
  readonly source: string;
  readonly periodMs?: number;
  readonly burst?: number;
}

/** How the time that calls took compares with the least that their limits allow; `undefined` before the first success. */
export const runBound = (work: WorkSoFar, limits: readonly StatedLimit[]): RunBound | undefined => {
  if (work.groups.length === 0) return undefined;
  const slots = limits.find(({ name }) => name === "maxConcurrent");
  const configured = slots?.source === "configured" ? slots.value : undefined;
  const { lowerBoundMs, boundBy } = lowerBound(work, {
    rates: limits.flatMap(rateOf),
    ...(configured === undefined ? {} : { slots: configured }),
  });
  const { slotMs, busyMs } = work;
  // Concurrency that was found out is a choice, not a limit that the work had to keep: it is named where it was used up.
  const slotsMs = configured === undefined ? slotMs / (slots?.value ?? Infinity) : 0;
  const held = slotsMs > lowerBoundMs && slotsMs > usedUp * busyMs;
  return {
    // A limit that was learned too low can claim more than the run itself disproves.
    lowerBoundMs: Math.min(lowerBoundMs, busyMs),
    achievedShare: busyMs > 0 ? Math.min(1, lowerBoundMs / busyMs) : 1,
    boundBy: held ? "maxConcurrent" : boundBy,
  };
};

/** Slots that grow to their number, and retries, keep the mean use below all of it. */
const usedUp = 0.75;

const rateOf = ({ name, value, periodMs, burst }: StatedLimit): readonly Rate[] => {
  const known = rates[name];
  if (known === undefined || value === undefined || !(value > 0)) return [];
  const [unit, usualMs] = known;
  return [{ name, unit, limit: value, periodMs: periodMs ?? usualMs, ...(burst === undefined ? {} : { burst }) }];
};

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const rates: Readonly<Record<string, readonly [unit: keyof Costs, periodMs: number]>> = {
  requestsPerMinute: ["request", minuteMs],
  tokensPerMinute: ["total", minuteMs],
  inputTokensPerMinute: ["input", minuteMs],
  outputTokensPerMinute: ["output", minuteMs],
  requestsPerDay: ["request", dayMs],
  tokensPerDay: ["total", dayMs],
};
