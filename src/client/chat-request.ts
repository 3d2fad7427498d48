import type { ChatInput } from "../call/chat-input.ts";
import type { JsonObject } from "../call/json.ts";
import type { TimeoutOptions } from "../timeout/timeout-options.ts";

/** One message of a conversation, in the provider's own words for content. */
export interface ChatMessage {
  readonly role: "system" | "developer" | "user" | "assistant" | "tool";
  readonly content: string | readonly JsonObject[] | null;
  readonly [key: string]: unknown;
}

/** What to ask. Give `prompt`, `messages` or `body`; a plain string is `{ prompt }`. */
export interface ChatRequest extends ChatInput {
  readonly messages?: readonly ChatMessage[];
  /** A whole request body in the provider's wire format; sent as it is, but for the model when it names none. */
  readonly body?: JsonObject;
  /** @default the client's model */
  readonly model?: string;
  /** Stream on the wire even though the whole reply is collected: lets `firstContent` and `idle` watch it. @default false */
  readonly stream?: boolean;
  /** Names the call in results, events and errors. @default made from the index */
  readonly id?: string;
  /** Higher goes first. @default 0 */
  readonly priority?: number;
  readonly signal?: AbortSignal;
  readonly timeout?: TimeoutOptions;
}
