import type { Quota } from "./quota.ts";

const windowMs = 60_000;

/** What a fixed-window quota is made of. */
export interface QuotaWindowOptions {
  /** What each window allows. */
  readonly limit: number;
  /** When the first window opens; each lasts a minute. */
  readonly startAt: number;
}

/** A counter that starts again every minute, so twice the limit can pass around the turn of a window. */
export const quotaWindow = ({ limit, startAt }: QuotaWindowOptions): Quota => {
  let index = 0;
  let used = 0;
  const turn = (now: number): void => {
    const current = Math.floor((now - startAt) / windowMs);
    if (current <= index) return;
    index = current;
    used = 0;
  };
  const leftMs = (now: number): number => Math.max(0, startAt + (index + 1) * windowMs - now);
  return {
    limit,
    level: (now) => {
      turn(now);
      return limit - used;
    },
    waitMs: (now, amount) => {
      turn(now);
      if (amount > limit) return Infinity;
      return used + amount <= limit ? 0 : leftMs(now);
    },
    charge: (now, amount) => {
      turn(now);
      used += amount;
    },
    resetMs: (now) => {
      turn(now);
      return used === 0 ? 0 : leftMs(now);
    },
  };
};
