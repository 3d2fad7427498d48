import { CallError } from "../../call/call-error.ts";
import type { Call } from "../../call/call.ts";
import type { Context } from "../../call/context.ts";
import type { Handler, Layer } from "../../call/handler.ts";
import type { Reply } from "../../call/reply.ts";
import type { StandardSchema } from "../../call/standard-schema.ts";
import { AttemptNumbers } from "../attempt-numbers.ts";
import { addedUsage } from "../added-usage.ts";
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

  constructor(context: Context, next: Handler, schema: StandardSchema) {
    this.#context = context;
    this.#next = next;
    this.#schema = schema;
  }

  async ask(call: StructuredCall): Promise<Reply> {
    const { textOf = () => "", askedAgain } = call;
    const first = await this.#next(call, this.#numbers.continued(this.#context));
    const text = textOf(first);
    const reading = await readAnswer(text, this.#schema);
    if ("object" in reading) return { ...first, object: reading.object };
    // What a reader has in hand cannot be asked again.
    if (askedAgain === undefined || this.#context.onEvent !== undefined) throw misfit(first, text, reading.problems);
    const second = await this.#next(askedAgain(text, reading.problems), this.#numbers.continued(this.#context));
    const repaired = textOf(second);
    const again = await readAnswer(repaired, this.#schema);
    if ("object" in again) return { ...addedUsage(second, first.usage), object: again.object };
    throw misfit(second, repaired, again.problems);
  }
}

const misfit = ({ status, requestId, body, deployment }: Reply, text: string, problems: readonly string[]): CallError =>
  new CallError("schema", `The answer does not fit the schema: ${problems.slice(0, mostShown).join("; ")}`, {
    status,
    provider: deployment,
    partial: text,
    body,
    ...(requestId === undefined ? {} : { requestId }),
  });

const mostShown = 5;
