import { CallError, type CallErrorCode } from "../call/call-error.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Handler, Layer } from "../call/handler.ts";
import type { Reply } from "../call/reply.ts";
import { addedUsage } from "./added-usage.ts";
import { AttemptNumbers } from "./attempt-numbers.ts";
import type { Estimator } from "./estimator.ts";

/** A call whose output the client may bound. */
export interface BoundableCall extends Call {
  /** Whether it may: its body names no bound. */
  readonly boundable?: true;
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
      // What a reader has in hand cannot be asked again: such an answer must not be cut by us.
      if (!isBoundable(call) || context.onEvent !== undefined) return next(call, context);
      const bound = estimator.outputBound(call.model);
      if (bound === undefined) return next(call, context);
      return new BoundedAnswer({ call, context, next, estimator }).ask(bound);
    };

const isBoundable = (call: Call): boolean => "boundable" in call && call.boundable === true;

interface BoundedAnswerParts {
  readonly call: Call;
  readonly context: Context;
  readonly next: Handler;
  readonly estimator: Estimator;
}

/** One answer, asked for up to as often as its bound is wrong; the attempts are counted through. */
class BoundedAnswer {
  readonly #parts: BoundedAnswerParts;
  readonly #numbers = new AttemptNumbers();

  constructor(parts: BoundedAnswerParts) {
    this.#parts = parts;
  }

  async ask(bound: number): Promise<Reply> {
    const { reply, bounded } = await this.#askBounded(bound);
    const cut = bounded && this.#parts.estimator.isCut(this.#parts.call, reply);
    if (!cut || this.#parts.context.signal.aborted) return reply;
    try {
      const longer = await this.#askBounded(2 * bound);
      return addedUsage(longer.reply, reply.usage);
    } catch (error) {
      // The cut answer is paid for, and better than none.
      if (error instanceof CallError && (error.code === "cancelled" || error.code === "closed")) throw error;
      return reply;
    }
  }

  async #askBounded(bound: number): Promise<{ readonly reply: Reply; readonly bounded: boolean }> {
    const { call, estimator, context } = this.#parts;
    try {
      const reply = await this.#ask(estimator.bounded(call, bound));
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
    return next(call, this.#numbers.continued(context));
  }
}

/** Failures that a bound of ours may be the cause of. */
const boundCodes: ReadonlySet<CallErrorCode> = new Set(["invalid_request", "context_length", "too_large"]);
