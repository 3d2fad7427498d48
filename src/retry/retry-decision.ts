import type { CallError } from "../call/call-error.ts";
import type { Rng } from "../time/rng.ts";
import { boundsFor, fullJitter } from "./backoff.ts";
import type { RetryPolicy } from "./retry-options.ts";

/** How often a call has failed so far. */
export interface Failures {
  /** Attempts that count against `retries`. */
  counted: number;
  throttled: number;
  timedOut: number;
}

/** What to do after a failed attempt: give up, or wait and pay the retry budget. */
export interface Decision {
  readonly waitMs: number;
  readonly cost: number;
}

/** A call is tried again after this many timeouts at most: each may have been paid for. */
const maxTimeouts = 2;

/** Decides whether a failure is worth another attempt; undefined means that it is final. `failures` already counts it. */
export const decide = (
  error: CallError,
  failures: Readonly<Failures>,
  policy: RetryPolicy,
  rng: Rng,
): Decision | undefined => {
  if (!error.retryable) return undefined;
  // The limiter holds the whole pool for a throttled call, so it queues again at once and in place.
  if (error.code === "throttled") return failures.throttled <= policy.maxThrottles ? { waitMs: 0, cost: 0 } : undefined;
  if (failures.counted > policy.retries) return undefined;
  if (error.code === "timeout" && failures.timedOut > maxTimeouts) return undefined;
  const backoffMs = fullJitter(failures.counted, boundsFor(error.code), rng);
  return { waitMs: Math.max(backoffMs, error.retryAfterMs ?? 0), cost: costOf(error) };
};

/** A timeout may have been paid for; a connection that was never made cost nobody anything. */
const costOf = ({ code, unreachable }: CallError): number => {
  if (unreachable) return 0;
  return code === "timeout" ? 2 : 1;
};

/** Counts a failure. */
export const count = (failures: Failures, { code }: CallError): void => {
  if (code === "throttled") failures.throttled += 1;
  else failures.counted += 1;
  if (code === "timeout") failures.timedOut += 1;
};
