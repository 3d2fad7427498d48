import type { CallError } from "../../call/call-error.ts";

/** What a failure means for the run: `record` the row as failed, leave it `undone`, or leave it undone and `stop` the run. */
export type Verdict = "record" | "undone" | "stop";

/** What the run has seen so far. */
export interface RunSoFar {
  readonly anySucceeded: boolean;
  /** Rows recorded as failed by this run. */
  readonly failed: number;
}

/** So many rows that fail while none has succeeded: the next million would fail as well. */
const hopelessAfter = 50;

/**
 * Decides which failures are about the account or the address, and not about a row.
 *
 * Such a failure would come back for every row, at a price in time or money; so the run stops, and its rows stay
 * undone, to be sent when the cause is fixed.
 */
export const stopRule = (error: CallError, { anySucceeded, failed }: RunSoFar): Verdict => {
  switch (error.code) {
    case "cancelled":
    case "closed":
    case "budget":
      return "undone";
    case "quota_exhausted":
      return "stop";
    case "auth":
      return error.status === 403 && anySucceeded ? "record" : "stop";
    case "not_found":
      return anySucceeded ? "record" : "stop";
    case "network":
      return !anySucceeded && (error.unreachable || failed >= hopelessAfter) ? "stop" : "record";
    case "invalid_request":
      // A redirect is about the address, so every row would get it.
      return isRedirect(error) || (!anySucceeded && failed >= hopelessAfter) ? "stop" : "record";
    case "throttled":
      return anySucceeded ? "record" : "stop";
    case "server":
    case "overloaded":
    case "malformed":
    case "timeout":
      return !anySucceeded && failed >= hopelessAfter ? "stop" : "record";
    case "too_large":
    case "context_length":
    case "content_filter":
    case "interrupted":
    case "schema":
    case "queue_full":
      return "record";
  }
};

const isRedirect = ({ status }: CallError): boolean => status !== undefined && status >= 300 && status < 400;
