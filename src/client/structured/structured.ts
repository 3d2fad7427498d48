import { addKnownUsage } from "../../call/add-usage.ts";
import { CallError, type CallErrorCode } from "../../call/call-error.ts";
import type { Call } from "../../call/call.ts";
import type { Context } from "../../call/context.ts";
import type { Handler, Layer } from "../../call/handler.ts";
import type { Reply } from "../../call/reply.ts";
import type { StandardSchema } from "../../call/standard-schema.ts";
import { AttemptNumbers } from "../attempt-numbers.ts";
import { readAnswer } from "./read-answer.ts";

/** A call whose answer must fit a schema. */
export interface StructuredCall extends Call {
  readonly schema?: StandardSchema;
  /** Whether the answer is asked for as the field `answer` of an object. @default false */
  readonly wrapped?: boolean;
  /** What an answer says, and why it ended. */
  readonly said?: (reply: Reply) => Said;
  /** The same question with the answer and what is wrong with it behind it; absent where only the whole body is known. */
  readonly askedAgain?: (answer: string, problems: readonly string[]) => Call;
}

/** What a model has said. */
export interface Said {
  readonly text: string;
  readonly finishReason?: string | undefined;
  /** Why it would not answer. */
  readonly refusal?: string | undefined;
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

type Read = { readonly reply: Reply } | { readonly said: Said; readonly problems: readonly string[] };

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
    const first = await this.#answer(call, context);
    const read = await this.#read(first, call);
    if ("reply" in read) return read.reply;
    const { said, problems } = read;
    // What a reader has in hand cannot be asked again.
    if (call.askedAgain === undefined || context.onEvent !== undefined) throw misfit(first, said, problems);
    const second = await this.#answer(call.askedAgain(said.text, problems), context);
    const repaired = await this.#read(second, call);
    if ("reply" in repaired) return repaired.reply;
    throw misfit(second, repaired.said, repaired.problems);
  }

  /** @throws CallError when the answer has no JSON for a reason that asking again would not change. */
  async #read(reply: Reply, { said: saidIn, wrapped }: StructuredCall): Promise<Read> {
    const said = saidIn?.(reply) ?? { text: "" };
    const reading = await readAnswer(said.text, this.#schema, wrapped);
    if ("object" in reading) return { reply: { ...this.#accounted(reply), object: reading.object } };
    const reason = said.refusal === undefined ? said.finishReason : "content_filter";
    if (reason === "length")
      throw misfit(reply, said, ["it was cut at the bound on its tokens (finish reason length); raise that bound"]);
    if (reason === "content_filter")
      throw failed(
        "content_filter",
        `The model refused to answer: ${said.refusal ?? "its finish reason is content_filter"}`,
        reply,
        said,
      );
    if (reason === "tool_calls") throw misfit(reply, said, ["it calls tools instead (finish reason tool_calls)"]);
    return { said, problems: reading.problems };
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
    const usage = this.#made.map((made) => made.usage).reduce(addKnownUsage, undefined);
    return usage === undefined ? known : { ...known, usage };
  }
}

const misfit = (reply: Reply, said: Said, problems: readonly string[]): CallError =>
  failed("schema", `The answer does not fit the schema: ${problems.slice(0, mostShown).join("; ")}`, reply, said);

const failed = (
  code: CallErrorCode,
  message: string,
  { status, requestId, body, deployment }: Reply,
  { text }: Said,
): CallError =>
  new CallError(code, message, {
    status,
    provider: deployment,
    partial: text,
    body,
    ...(requestId === undefined ? {} : { requestId }),
  });

const mostShown = 5;
