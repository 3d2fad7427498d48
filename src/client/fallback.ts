import { CallError, type CallErrorCode } from "../call/call-error.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Handler, Layer } from "../call/handler.ts";
import type { Reply } from "../call/reply.ts";
import type { StreamEvent } from "../call/stream-event.ts";
import { AttemptNumbers } from "./attempt-numbers.ts";

/** A call that other models may answer. */
export interface ReplaceableCall extends Call {
  /** The same question to other models, in the order in which they are asked. */
  readonly alternatives?: () => readonly Call[];
}

/** Failures that another model may not have. A wrong request stays wrong, and what was cancelled is over. */
const worthAsking: ReadonlySet<CallErrorCode> = new Set([
  "throttled",
  "quota_exhausted",
  "too_large",
  "auth",
  "context_length",
  "content_filter",
  "not_found",
  "timeout",
  "network",
  "server",
  "overloaded",
  "malformed",
]);

/** Asks other models, one after the other, when a call has failed for good: each with retries and routes of its own. */
export const fallback = (): Layer => (next) =>
  async function fallback(call, context) {
    const { alternatives } = call as ReplaceableCall;
    if (alternatives === undefined) return next(call, context);
    return new ReplaceableQuestion(context, next).ask([call, ...alternatives()]);
  };

/** One question on its way through the models. */
class ReplaceableQuestion {
  readonly #context: Context;
  readonly #next: Handler;
  readonly #numbers = new AttemptNumbers();
  #delivered = false;

  constructor(context: Context, next: Handler) {
    this.#context = context;
    this.#next = next;
  }

  async ask([call, ...others]: readonly Call[]): Promise<Reply> {
    if (call === undefined) throw new CallError("invalid_request", "No model: nothing can be asked");
    try {
      const reply = await this.#next(call, this.#contextFor(others.length > 0));
      return this.#numbers.turns > 1 && reply.answeredBy === undefined
        ? { ...reply, answeredBy: { operation: call.operation, model: call.model } }
        : reply;
    } catch (error) {
      if (others.length === 0 || !this.#mayBeAsked(error)) throw error;
      return this.ask(others);
    }
  }

  #contextFor(elsewhere: boolean): Context {
    const context = this.#numbers.continued(this.#context);
    const { onEvent } = context;
    const deliver = (event: StreamEvent): void | Promise<void> => {
      this.#delivered ||= event.content;
      return onEvent?.(event);
    };
    return { ...context, ...(elsewhere ? { elsewhere } : {}), ...(onEvent === undefined ? {} : { onEvent: deliver }) };
  }

  #mayBeAsked(error: unknown): boolean {
    if (this.#delivered || this.#context.signal.aborted) return false;
    return error instanceof CallError && worthAsking.has(error.code);
  }
}
