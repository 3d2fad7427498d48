import { CallError } from "../../call/call-error.ts";
import type { FailedAttempt } from "../../call/possibly-paid.ts";
import type { RowWatch } from "../sending/row-watch.ts";

/**
 * Keeps every request back once the account was refused, as the stop rule does when the refused call has ended: the place
 * that it leaves is free before that, and the next request would be gone.
 */
export const accountGate = (): RowWatch => {
  let refused = false;
  return {
    attempt: () => (refused ? notStarted() : undefined),
    attemptEnded: (_row, failure) => {
      refused ||= failure !== undefined && isRefusal(failure);
    },
  };
};

/** A 403 may be about one row. */
const isRefusal = ({ code, status, final }: FailedAttempt): boolean =>
  final === true && (code === "quota_exhausted" || (code === "auth" && status !== 403));

const notStarted = (): CallError => new CallError("closed", "The call was not started: the account was refused");
