import { minuteMs, type Quota } from "./quota.ts";

/** A quota that other clients of the account use too. */
export interface SharedQuota extends Quota {
  /** What the others have taken so far. */
  foreign(now: number): number;
}

/** Who shares a quota. */
export interface SharedQuotaOptions {
  /** The share of the quota that the others ask for. */
  readonly share: number;
  readonly startAt: number;
}

/** Lets other clients ask for their share, little and often; what they are refused they do not ask for again. */
export const quotaShared = (quota: Quota, { share, startAt }: SharedQuotaOptions): SharedQuota => {
  const portion = (quota.limit * share * stepMs) / minuteMs;
  let steps = 0;
  let taken = 0;
  const caughtUp = (now: number): Quota => {
    if (portion === 0) return quota;
    for (let at = startAt + (steps + 1) * stepMs; at <= now; at = startAt + (steps + 1) * stepMs) {
      steps++;
      if (quota.waitMs(at, portion) > 0) continue;
      quota.charge(at, portion);
      taken += portion;
    }
    return quota;
  };
  return {
    limit: quota.limit,
    periodMs: quota.periodMs,
    waitMs: (now, amount) => caughtUp(now).waitMs(now, amount),
    charge: (now, amount) => caughtUp(now).charge(now, amount),
    level: (now) => caughtUp(now).level(now),
    resetMs: (now) => caughtUp(now).resetMs(now),
    grantable: (span) => quota.grantable(span),
    foreign: (now) => {
      caughtUp(now);
      return taken;
    },
  };
};

const stepMs = 250;
