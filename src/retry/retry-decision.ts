import type { CallError } from "../call/call-error.ts";
import type { Rng } from "../time/rng.ts";
import { boundsFor, fullJitter } from "./backoff.ts";
import { parkMs, parks } from "./parks.ts";
import type { RetryPolicy } from "./retry-options.ts";

/** How often a call has failed so far. */
export interface Failures {
  /** Attempts that count against `retries`. */
  counted: number;
  throttled: number;
  timedOut: number;
  /** Connections that never came about. */
  unreached: number;
  /** When the first that counts failed, since the call last waited for a quota. */
  countedSince?: number | undefined;
  /** When the call first found a quota used up that it waits for. */
  parkedSince?: number;
}

/** What to do after a failed attempt: give up, or wait and pay the retry budget. */
export interface Decision {
  readonly waitMs: number;
  readonly cost: number;
  /** Clock time after which it is too late. */
  readonly until: number;
}

/** A call is tried again after this many timeouts at most: each may have been paid for. */
const maxTimeouts = 2;

/** The history of a call that has not failed yet. */
export const noFailures = (): Failures => ({ counted: 0, throttled: 0, timedOut: 0, unreached: 0 });

/** Counts a failure. */
export const count = (failures: Failures, error: CallError, policy: RetryPolicy, now: number): void => {
  if (parks(error, policy)) {
    failures.parkedSince ??= now;
    failures.countedSince = undefined;
    return;
  }
  if (error.code === "throttled") {
    failures.throttled += 1;
    return;
  }
  failures.counted += 1;
  failures.countedSince ??= now;
  if (error.code === "timeout") failures.timedOut += 1;
  if (error.unreachable) failures.unreached += 1;
};

/** Decides whether a failure is worth another attempt; undefined means that it is final. `failures` already counts it. */
export const decide = (
  error: CallError,
  failures: Readonly<Failures>,
  policy: RetryPolicy,
  rng: Rng,
): Decision | undefined => {
  const { counted, throttled, timedOut, unreached, countedSince = 0, parkedSince = 0 } = failures;
  if (parks(error, policy)) return { waitMs: parkMs(error), cost: 0, until: parkedSince + policy.maxQuotaWaitMs };
  if (!error.retryable) return undefined;
  // The limiter holds the whole pool for a throttled call, so it queues again at once and in place.
  if (error.code === "throttled")
    return throttled <= policy.maxThrottles ? { waitMs: 0, cost: 0, until: Infinity } : undefined;
  if (counted > policy.retries) return undefined;
  if (error.code === "timeout" && timedOut > maxTimeouts) return undefined;
  const until = countedSince + policy.maxTimeMs;
  // A single connection that fails is most often the connection's own fault: the next one is made at once.
  if (error.unreachable && unreached === 1) return { waitMs: error.retryAfterMs ?? 0, cost: 1, until };
  const backoffMs = fullJitter(counted, boundsFor(error.code), rng);
  return { waitMs: Math.max(backoffMs, error.retryAfterMs ?? 0), cost: error.code === "timeout" ? 2 : 1, until };
};
