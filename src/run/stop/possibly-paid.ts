import type { CallErrorCode } from "../../call/call-error.ts";
import type { FailedAttempt } from "../../call/possibly-paid.ts";

/**
 * Whether an attempt that brought no answer may be charged for all the same. Only what was refused before the model
 * began is certainly free; a timeout, a broken connection or an error of the server may have come after the work.
 */
export const wasPossiblyPaid = ({ code, status, unreachable = false }: FailedAttempt): boolean => {
  if (unreachable) return false;
  // An error of the same name may also end an answer that had begun under a 200.
  if (code === "throttled" || code === "overloaded") return status === undefined || status < 400;
  return !refusals.has(code);
};

const refusals: ReadonlySet<CallErrorCode> = new Set([
  "auth",
  "quota_exhausted",
  "not_found",
  "invalid_request",
  "context_length",
  "too_large",
  "queue_full",
  "closed",
]);
