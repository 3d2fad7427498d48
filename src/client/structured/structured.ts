import { addUsage } from "../../call/add-usage.ts";
import { CallError } from "../../call/call-error.ts";
import type { Call } from "../../call/call.ts";
import type { Context } from "../../call/context.ts";
import type { Handler, Layer } from "../../call/handler.ts";
import type { Reply, Usage } from "../../call/reply.ts";
import type { StandardSchema } from "../../call/standard-schema.ts";
import { AttemptNumbers } from "../attempt-numbers.ts";
import { readAnswer } from "./read-answer.ts";

/** A call whose answer must fit a schema. */
export interface StructuredCall extends Call {
  readonly schema?: StandardSchema;
  /** The text of an answer. */
  readonly textOf?: (reply: Reply) => string;
  /** The same question with the answer and what is wrong with it behind it; absent where only the whole body is known. */
  readonly askedAgain?: (answer: string, problems: readonly string[]) => Call;
}

/**
 * Reads the answer as JSON and validates it against the caller's schema. One that does not fit is asked for once more,
 * with what is wrong with it; a second failure ends with code `schema`.
 */
export const structured = (): Layer => (next) =>
  async function structured(call, context) {
    const { schema } = call as StructuredCall;
    return schema === undefined ? next(call, context) : new StructuredAnswer(context, next, schema).ask(call);
  };

/** One answer on its way to fit its schema. */
class StructuredAnswer {
  readonly #context: Context;
  readonly #next: Handler;
  readonly #schema: StandardSchema;
  readonly #numbers = new AttemptNumbers();
  /** What was made for this call; others may have been made for earlier ones. */
  readonly #made: Reply[] = [];
  #kept = false;

  constructor(context: Context, next: Handler, schema: StandardSchema) {
    this.#context = context;
    this.#next = next;
    this.#schema = schema;
  }

  async ask(call: StructuredCall): Promise<Reply> {
    const { onEvent } = this.#context;
    // What a reader has in hand cannot be asked again, so a kept answer that does not fit would never go away.
    if (onEvent !== undefined) return this.#ask(call, { ...this.#context, fresh: true });
    try {
      return await this.#ask(call, this.#context);
    } catch (error) {
      // A kept answer that does not fit does not fit tomorrow either.
      if (!(this.#kept && error instanceof CallError && error.code === "schema")) throw error;
      return this.#ask(call, { ...this.#context, fresh: true });
    }
  }

  async #ask(call: StructuredCall, context: Context): Promise<Reply> {
    const { textOf = () => "", askedAgain } = call;
    const first = await this.#answer(call, context);
    const text = textOf(first);
    const reading = await readAnswer(text, this.#schema);
    if ("object" in reading) return { ...this.#accounted(first), object: reading.object };
    if (askedAgain === undefined || context.onEvent !== undefined) throw misfit(first, text, reading.problems);
    const second = await this.#answer(askedAgain(text, reading.problems), context);
    const repaired = textOf(second);
    const again = await readAnswer(repaired, this.#schema);
    if ("object" in again) return { ...this.#accounted(second), object: again.object };
    throw misfit(second, repaired, again.problems);
  }

  async #answer(call: Call, context: Context): Promise<Reply> {
    const reply = await this.#next(call, this.#numbers.continued(context));
    if (reply.reused === undefined) this.#made.push(reply);
    this.#kept ||= reply.reused === "cache";
    return reply;
  }

  /** The reply with the usage of all that was made for this call. */
  #accounted(reply: Reply): Reply {
    if (this.#made.length === 0) return reply;
    const { reused: _, usage: __, ...known } = reply;
    const usage = this.#made.map((made) => made.usage).reduce(sumOf, undefined);
    return usage === undefined ? known : { ...known, usage };
  }
}

const sumOf = (a: Usage | undefined, b: Usage | undefined): Usage | undefined =>
  a === undefined || b === undefined ? (a ?? b) : addUsage(a, b);

const misfit = ({ status, requestId, body, deployment }: Reply, text: string, problems: readonly string[]): CallError =>
  new CallError("schema", `The answer does not fit the schema: ${problems.slice(0, mostShown).join("; ")}`, {
    status,
    provider: deployment,
    partial: text,
    body,
    ...(requestId === undefined ? {} : { requestId }),
  });

const mostShown = 5;
