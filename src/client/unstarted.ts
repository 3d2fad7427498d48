import { CallError, cancellation } from "../call/call-error.ts";
import type { Result } from "../call/result.ts";
import type { ChatReply } from "./chat-reply.ts";
import type { ChatRequest } from "./chat-request.ts";

/** The result of an item that was never taken. */
export const unstarted = (
  request: string | ChatRequest | undefined,
  index: number,
  signal: AbortSignal | undefined,
): Result<ChatReply> => {
  const id = (typeof request === "object" ? request.id : undefined) ?? String(index);
  const error =
    signal?.aborted === true
      ? cancellation(signal.reason)
      : new CallError("closed", "The call was not started: the client is closing");
  return { ok: false, id, index, error, attempts: 0, retries: [], timing: { queuedMs: 0, totalMs: 0 } };
};
