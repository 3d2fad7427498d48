import type { CallError } from "../call/call-error.ts";
import type { RetryPolicy } from "./retry-options.ts";

/** Whether a failure is a used-up quota that is waited for: the call stays, and nothing else may start meanwhile. */
export const parks = (error: CallError, { onQuota, maxQuotaWaitMs }: RetryPolicy): boolean =>
  error.code === "quota_exhausted" && onQuota === "wait" && parkMs(error) <= maxQuotaWaitMs;

/** For how long, in milliseconds: the provider's own time, or until it is worth asking again. */
export const parkMs = ({ retryAfterMs }: CallError): number =>
  retryAfterMs === undefined ? askAgainMs : Math.max(shortestMs, retryAfterMs);

/** Somebody may raise a spend limit at any time; one call that asks every so often finds out. */
const askAgainMs = 600_000;

/** A provider that says "now" of a quota that is used up must not be asked without a pause. */
const shortestMs = 1000;
