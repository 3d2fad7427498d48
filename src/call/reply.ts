import type { ModelRef, Operation } from "./call.ts";
import type { Cost } from "./money.ts";
import type { JsonObject } from "./json.ts";

/** What a call really used, as the provider reports it. */
export interface Usage {
  /** All input tokens, cached ones included. */
  readonly inputTokens: number;
  /** All output tokens, reasoning included. */
  readonly outputTokens: number;
  /** Input tokens that the provider read from its cache. */
  readonly cachedTokens: number;
  /** Input tokens that the provider wrote to its cache, where it says so; some providers charge more for them. */
  readonly cacheWriteTokens?: number;
  /** Output tokens spent on reasoning. */
  readonly reasoningTokens: number;
}

/** What one finished call produced. */
export interface Reply {
  readonly status: number;
  /** The provider's body, whole even when it was streamed. */
  readonly body: JsonObject;
  /** Absent when the provider reported none. */
  readonly usage?: Usage;
  readonly requestId?: string;
  /** Which deployment answered: the provider's name; with several keys, which of them. */
  readonly deployment: string;
  /** What it cost; absent where nobody knows. */
  readonly cost?: Cost;
  /** The answer as the caller's schema reads it, where one was given. */
  readonly object?: unknown;
  /** What was asked in the end, where that is not what the call named first. */
  readonly answeredBy?: { readonly operation: Operation; readonly model: ModelRef };
  /** Whose answer this is, where it was not made for this call: it then cost nothing, and its usage is that of another. */
  readonly reused?: Reuse;
}

/** An answer that an identical call in flight has got, or one that was kept from earlier. */
export type Reuse = "coalesced" | "cache";
