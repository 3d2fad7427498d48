import type { JsonObject } from "../call/json.ts";
import type { Cost } from "../call/money.ts";
import type { ToolCall } from "../provider/wire-format.ts";
import type { Reuse, Usage } from "../call/reply.ts";

/** An answer. */
export interface ChatReply<T = unknown> {
  readonly text: string;
  /** The answer as the request's schema reads it; absent when it had none. */
  readonly object?: T;
  /** Why the model stopped: `stop`, `length`, `tool_calls`, `content_filter`… Absent when the provider did not say. */
  readonly finishReason?: string;
  /** The tools that the model wants to be called; absent when there are none. */
  readonly toolCalls?: readonly ToolCall[];
  readonly usage?: Usage;
  /** What it cost, and which price that is from; absent where nobody knows the price: it is not free then. */
  readonly cost?: Cost;
  /** Present when it was not made for this call, which then cost nothing: `usage` says what it took when it was made. */
  readonly reused?: Reuse;
  /** The model that answered, as the provider names it. */
  readonly model: string;
  /** `provider/model` of who answered, where that is one of several deployments or a fallback; absent otherwise. */
  readonly answeredBy?: string;
  /** The provider's own body, whole even when it was streamed. */
  readonly body: JsonObject;
  readonly status: number;
  readonly requestId?: string;
}

/** An answer that fits a schema. */
export interface StructuredReply<T> extends ChatReply<T> {
  readonly object: T;
}

/** A piece of an answer as it arrives. The last one has no text and carries `usage` and `finishReason`. */
export interface ChatPart {
  readonly text: string;
  readonly usage?: Usage;
  readonly cost?: Cost;
  readonly finishReason?: string;
  /** On the last part: the answer as the request's schema reads it. */
  readonly object?: unknown;
  /** The provider's own event; absent on the last part. */
  readonly event?: JsonObject;
}
