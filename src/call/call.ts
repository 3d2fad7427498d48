import type { JsonObject } from "./json.ts";

/**
 * What is asked of the provider; it decides the path and the shape of the body. `chat`, `responses` and `embeddings` are
 * OpenAI's, `messages` is Anthropic's, `generate` is Gemini's. Every body names its `model`, and is streamed by
 * `stream: true`, also where the wire says these in its path.
 */
export type Operation = "chat" | "responses" | "embeddings" | "messages" | "generate";

/** A model and the provider whose dialect, quirks and error codes apply. */
export interface ModelRef {
  readonly provider: string;
  readonly name: string;
}

/** What the call is expected to take from each quota: reserved before it, settled after it. */
export interface Demand {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** The input as it was estimated, before what earlier calls took corrected it. @default estimated anew where it is needed */
  readonly estimatedInputTokens?: number;
  /** True when nothing bounds the output and `outputTokens` is only what is usual. @default false */
  readonly outputIsGuess?: boolean;
  /** True where the provider charges the whole bound on the output when it lets the call in, and gives nothing back. @default false */
  readonly outputIsKept?: boolean;
}

/** Where the call stands among others that wait. */
export interface Flow {
  /** Each step up gets four times the share of what is to be had; nobody starves. @default 0 */
  readonly priority?: number;
  /** On whose behalf: tenants of one priority get equal shares. @default one tenant for all */
  readonly tenant?: string;
}

/** One operation on one model, with its body as it goes over the wire. Plain data: it can be journaled, hashed, sent to another machine. */
export interface Call {
  readonly id: string;
  readonly operation: Operation;
  readonly model: ModelRef;
  readonly body: JsonObject;
  readonly demand: Demand;
  readonly flow?: Flow;
  /** The name under which several deployments answer, where the model has one. */
  readonly group?: string;
  /** Where it goes, once that has been decided. @default the provider's only deployment */
  readonly deployment?: string;
}
