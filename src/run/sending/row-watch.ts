import type { CallError } from "../../call/call-error.ts";
import type { FailedAttempt } from "../../call/possibly-paid.ts";
import type { ChatRequest } from "../../client/chat-request.ts";
import type { Row } from "../source/row.ts";

/** Follows rows on their way, and may keep their requests back. */
export interface RowWatch {
  /** The row is about to be handed over for sending. */
  readonly next?: (row: Row, request: ChatRequest) => void;
  /** A request for the row is about to leave; an error that it returns keeps it back, and is how the call ends. */
  readonly attempt?: (row: Row, attempt: number) => CallError | undefined;
  /** An attempt has ended; without a failure it brought the answer. */
  readonly attemptEnded?: (row: Row, failure: FailedAttempt | undefined) => void;
}
