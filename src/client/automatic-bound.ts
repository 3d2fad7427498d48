import { addUsage } from "../call/add-usage.ts";
import { CallError, type CallErrorCode } from "../call/call-error.ts";
import type { CallEvent } from "../call/call-event.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Handler, Layer } from "../call/handler.ts";
import type { Reply, Usage } from "../call/reply.ts";
import { chatFinishReason } from "../provider/openai/chat-codec.ts";
import type { Estimator } from "./estimator.ts";

/** A call whose output the client may bound. */
export interface BoundableCall extends Call {
  /** The field of the body for the bound, where the body names none. */
  readonly boundField?: string;
}

/**
 * Bounds the output by what the model's answers were like, where the call leaves that open: a provider that charges the
 * whole bound when it lets a call in then lets far more calls in. An answer that the bound has cut is asked once more with
 * twice the bound; a call that is refused for the bound is made without it. It stands outside the retries.
 */
export const automaticBound =
  (estimator: Estimator): Layer =>
  (next) =>
    async function automaticBound(call, context) {
      const field = boundFieldOf(call);
      // What a reader has in hand cannot be asked again: such an answer must not be cut by us.
      if (field === undefined || context.onEvent !== undefined) return next(call, context);
      const bound = estimator.outputBound(call.model);
      if (bound === undefined) return next(call, context);
      return new BoundedAnswer({ call, context, next, estimator, field }).ask(bound);
    };

const boundFieldOf = (call: Call): string | undefined =>
  "boundField" in call && typeof call.boundField === "string" ? call.boundField : undefined;

interface BoundedAnswerParts {
  readonly call: Call;
  readonly context: Context;
  readonly next: Handler;
  readonly estimator: Estimator;
  readonly field: string;
}

/** One answer, asked for up to as often as its bound is wrong; the attempts are counted through. */
class BoundedAnswer {
  readonly #parts: BoundedAnswerParts;
  #attempts = 0;

  constructor(parts: BoundedAnswerParts) {
    this.#parts = parts;
  }

  async ask(bound: number): Promise<Reply> {
    const { reply, bounded } = await this.#askBounded(bound);
    const cut = bounded && chatFinishReason(reply.body) === "length";
    if (!cut || this.#parts.context.signal.aborted) return reply;
    try {
      const longer = await this.#askBounded(2 * bound);
      return withUsage(longer.reply, reply.usage);
    } catch (error) {
      // The cut answer is paid for, and better than none.
      if (error instanceof CallError && (error.code === "cancelled" || error.code === "closed")) throw error;
      return reply;
    }
  }

  async #askBounded(bound: number): Promise<{ readonly reply: Reply; readonly bounded: boolean }> {
    const { call, estimator, field, context } = this.#parts;
    const body = { ...call.body, [field]: bound };
    try {
      const reply = await this.#ask({ ...call, body, demand: estimator.demand(call.model, body) });
      return { reply, bounded: true };
    } catch (error) {
      if (!(error instanceof CallError && boundCodes.has(error.code)) || context.signal.aborted) throw error;
      const reply = await this.#ask(call);
      // The other codes depend on the length of the prompt, too.
      if (error.code === "invalid_request") estimator.refuseBound(call.model, bound);
      return { reply, bounded: false };
    }
  }

  #ask(call: Call): Promise<Reply> {
    const { context, next } = this.#parts;
    const before = this.#attempts;
    const observe = (event: CallEvent): void => {
      if (!("attempt" in event)) return context.observe(event);
      this.#attempts = before + event.attempt;
      context.observe({ ...event, attempt: this.#attempts });
    };
    return next(call, { ...context, observe });
  }
}

/** Failures that a bound of ours may be the cause of. */
const boundCodes: ReadonlySet<CallErrorCode> = new Set(["invalid_request", "context_length", "too_large"]);

const withUsage = (reply: Reply, earlier: Usage | undefined): Reply => {
  const { usage } = reply;
  if (earlier === undefined) return reply;
  return { ...reply, usage: usage === undefined ? earlier : addUsage(earlier, usage) };
};
