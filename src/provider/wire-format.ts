import type { Operation } from "../call/call.ts";
import type { ChatInput } from "../call/chat-input.ts";
import type { JsonObject } from "../call/json.ts";
import type { Usage } from "../call/reply.ts";
import type { StreamEvent } from "../call/stream-event.ts";
import type { TokenCounter } from "./tokens/estimate-tokens.ts";
import type { Vendor } from "./vendor.ts";

/** How one operation is spoken: everything that the exchange of one call needs to know of it. */
export interface WireFormat {
  readonly operation: Operation;
  /** Goes after the base URL, its query included. */
  path(model: string, streamed: boolean): string;
  /** The header that carries the key as it is. @default `authorization: Bearer …` */
  readonly keyHeader?: string;
  /** Sent with every request. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body that asks for a chat answer in our own words; absent where the operation is no conversation. */
  encode?(input: ChatInput, model: string, vendor: Vendor): JsonObject;
  /** The body as it is sent. */
  outgoing(body: JsonObject, vendor: Vendor): JsonObject;
  /** Whether a body is a whole answer. */
  isAnswer(body: JsonObject): boolean;
  /** The failure that a body under a 200, or an event, reports in a manner of its own. @default none */
  failure?(body: JsonObject): JsonObject | undefined;
  text(body: JsonObject): string;
  /** Why the answer ended, in OpenAI's words where they fit: `stop`, `length`, `tool_calls`, `content_filter`. */
  finishReason(body: JsonObject): string | undefined;
  /** Why the model would not answer, in its own words. @default none */
  refusal?(body: JsonObject): string | undefined;
  usage(body: JsonObject): Usage | undefined;
  /** The calls of tools that an answer asks for. @default none */
  toolCalls?(body: JsonObject): readonly ToolCall[];
  createCollector(): StreamCollector;
  /** How many tokens a request's input has, more or less. */
  inputTokens(body: JsonObject, count: TokenCounter): number;
  /** The most output tokens that a request allows over all its answers; `undefined` when it names none, 0 where none are made. */
  outputBound(body: JsonObject): number | undefined;
  /** The request with that bound on its output; absent where the format knows none. */
  withOutputBound?(body: JsonObject, bound: number, vendor: Vendor): JsonObject;
}

/** A tool that the model wants to be called. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** What it is to be called with, as the model wrote it: JSON, if the model kept to it. */
  readonly arguments: string;
}

/** Folds the events of a stream into the body that would have come without streaming. */
export interface StreamCollector {
  /** Takes in an event and says what it adds. */
  add(event: JsonObject): StreamEvent;
  /** Takes in an event that is not JSON; false when it means nothing here. */
  addText(data: string): boolean;
  /** Whether the stream ended as its protocol says; more may still come. */
  readonly complete: boolean;
  /** Whether nothing more can come. */
  readonly finished: boolean;
  /** Characters collected so far. */
  readonly length: number;
  /** Output tokens as the provider last reported them; `undefined` as long as it has not. */
  readonly reportedOutputTokens: number | undefined;
  body(): JsonObject;
}
