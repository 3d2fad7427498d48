import { minuteMs, type Quota, tolerance } from "./quota.ts";

/** What a fixed-window quota is made of. */
export interface QuotaWindowOptions {
  /** What a minute allows; each window allows its part of it. */
  readonly limit: number;
  /** When the quota begins to count. */
  readonly startAt: number;
  /** How long each window lasts. @default 60_000 */
  readonly periodMs?: number;
  /** When the first turn comes, after `startAt`. @default periodMs */
  readonly phaseMs?: number;
}

/**
 * A counter that starts again at each turn of its window, so twice what a window allows can pass around a turn.
 *
 * Whatever a minute allows must be able to pass a shorter window: it passes an untouched one, and the windows after it
 * pay for it.
 */
export const quotaWindow = ({ limit, startAt, periodMs = minuteMs, phaseMs = 0 }: QuotaWindowOptions): Quota => {
  const capacity = (limit * periodMs) / minuteMs;
  const anchor = startAt + phaseMs;
  const windowAt = (now: number): number => Math.floor((now - anchor) / periodMs + 1e-9);
  let index = windowAt(startAt);
  let used = 0;
  const turn = (now: number): void => {
    const current = windowAt(now);
    if (current <= index) return;
    used = Math.max(0, used - (current - index) * capacity);
    index = current;
  };
  const leftMs = (now: number): number => Math.max(0, anchor + (index + 1) * periodMs - now);
  return {
    limit,
    periodMs,
    level: (now) => {
      turn(now);
      return capacity - used;
    },
    waitMs: (now, amount) => {
      turn(now);
      if (amount > Math.max(limit, capacity)) return Infinity;
      const missing = used + Math.min(amount, capacity) - capacity;
      return missing <= tolerance ? 0 : leftMs(now) + (Math.ceil(missing / capacity - tolerance) - 1) * periodMs;
    },
    charge: (now, amount) => {
      turn(now);
      used += amount;
    },
    resetMs: (now) => {
      turn(now);
      return used === 0 ? 0 : leftMs(now) + Math.max(0, Math.ceil(used / capacity) - 1) * periodMs;
    },
    grantable: ({ fromMs, toMs, level }) => {
      const turns = Math.ceil((toMs - anchor) / periodMs - 1e-9) - 1 - windowAt(fromMs);
      return Math.max(0, level + Math.max(0, turns) * capacity);
    },
  };
};
