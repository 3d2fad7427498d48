import type { CallError } from "../call/call-error.ts";

/** What a failure means for the run: `record` the row as failed, leave it `undone`, or leave it undone and `stop` the run. */
export type Verdict = "record" | "undone" | "stop";

/**
 * Decides which failures are about the account or the address, and not about a row.
 *
 * Such a failure would come back for every row, at a price in time or money; so the run stops, and its rows stay
 * undone, to be sent when the cause is fixed.
 */
export const stopRule = (error: CallError, anySucceeded: boolean): Verdict => {
  switch (error.code) {
    case "cancelled":
    case "closed":
      return "undone";
    case "quota_exhausted":
      return "stop";
    case "auth":
      return error.status === 403 && anySucceeded ? "record" : "stop";
    case "not_found":
      return anySucceeded ? "record" : "stop";
    case "network":
      return error.unreachable && !anySucceeded ? "stop" : "record";
    case "invalid_request":
      // A redirect is about the address, so every row would get it.
      return isRedirect(error) ? "stop" : "record";
    case "throttled":
    case "too_large":
    case "context_length":
    case "content_filter":
    case "timeout":
    case "server":
    case "overloaded":
    case "malformed":
    case "interrupted":
    case "schema":
    case "budget":
    case "queue_full":
      return "record";
  }
};

const isRedirect = ({ status }: CallError): boolean => status !== undefined && status >= 300 && status < 400;
