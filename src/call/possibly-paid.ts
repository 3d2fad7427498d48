import type { CallErrorCode } from "./call-error.ts";

/** What is known of an attempt that brought no answer. */
export interface FailedAttempt {
  readonly code: CallErrorCode;
  readonly status?: number;
  /** Whether the request never left, because no connection could be made. */
  readonly unreachable?: boolean;
  /** Whether it is of a kind that is not tried again, here or elsewhere. */
  readonly final?: boolean;
}

/**
 * Whether an attempt that brought no answer may be charged for all the same. Only what never left, and what was refused
 * before the model began, is certainly free: a timeout, a broken connection or an error of the server may have come after
 * the work.
 */
export const possiblyPaid = ({ code, status, unreachable = false }: FailedAttempt): boolean => {
  if (unreachable) return false;
  // An error of the same name may also end an answer that had begun under a 200.
  if (code === "throttled" || code === "overloaded") return status === undefined || status < 400;
  return !free.has(code);
};

const free: ReadonlySet<CallErrorCode> = new Set([
  "auth",
  "quota_exhausted",
  "not_found",
  "invalid_request",
  "context_length",
  "too_large",
  // Kept back by ourselves.
  "queue_full",
  "budget",
  "closed",
]);
