import type { CallError } from "../../call/call-error.ts";
import type { FailedAttempt } from "../../call/possibly-paid.ts";
import type { Result } from "../../call/result.ts";
import type { ChatReply } from "../../client/chat-reply.ts";
import type { ChatRequest } from "../../client/chat-request.ts";
import type { Row } from "../source/row.ts";

/** Follows rows on their way, and may hold them back. */
export interface RowWatch {
  /** The row is next; resolves when it may be sent. An error that it resolves to ends the sending. */
  readonly next?: (row: Row, request: ChatRequest) => Promise<void> | void;
  /** A request for the row is about to leave; an error that it returns keeps it back, and is how the call ends. */
  readonly attempt?: (row: Row, attempt: number) => CallError | undefined;
  /** An attempt has ended; without a failure it brought the answer. */
  readonly attemptEnded?: (row: Row, failure: FailedAttempt | undefined) => void;
  /** The row's call has ended. Called before its outcome is recorded. */
  readonly ended?: (row: Row, result: Result<ChatReply>) => void;
}
