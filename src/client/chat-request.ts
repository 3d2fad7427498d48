import type { ChatInput } from "../call/chat-input.ts";
import type { Operation } from "../call/call.ts";
import type { JsonObject } from "../call/json.ts";
import type { StandardSchema } from "../call/standard-schema.ts";
import type { TimeoutOptions } from "../timeout/timeout-options.ts";

/** One message of a conversation, in the provider's own words for content. */
export interface ChatMessage {
  readonly role: "system" | "developer" | "user" | "assistant" | "tool";
  readonly content: string | readonly JsonObject[] | null;
  readonly [key: string]: unknown;
}

/** What to ask. Give `prompt`, `messages` or `body`; a plain string is `{ prompt }`. */
export interface ChatRequest extends Omit<ChatInput, "maxOutputTokens" | "answer"> {
  /**
   * What the answer must be: a schema of Zod, Valibot, ArkType or any other library that keeps to Standard Schema. The
   * answer is JSON then, held to the schema by the provider where it can; it is validated, asked for once more if it does not
   * fit, and stands in the reply's `object`.
   */
  readonly schema?: StandardSchema;
  /** The JSON Schema of `schema`, for libraries that cannot tell it themselves. @default as the library tells it */
  readonly jsonSchema?: JsonObject;
  /**
   * The most tokens to generate. `'auto'` sends no bound until 50 answers of the model were seen, then 1.25 times what
   * 99.5 % of them stay below, at least 256; an answer that it cuts is asked once more with twice the bound. It bounds
   * a `body` too when that names no bound; it bounds no stream whose parts are read. @default the provider's
   */
  readonly maxOutputTokens?: number | "auto";
  readonly messages?: readonly ChatMessage[];
  /** How it is asked, where the provider speaks several formats: `responses` at OpenAI, say. @default as the provider is usually asked */
  readonly operation?: Operation;
  /** A whole request body in the wire format of the operation; sent as it is, but for the model when it names none. */
  readonly body?: JsonObject;
  /** @default the client's model */
  readonly model?: string;
  /** Stream on the wire even though the whole reply is collected: lets `firstContent` and `idle` watch it. @default false */
  readonly stream?: boolean;
  /** Names the call in results, events and errors. @default made from the index */
  readonly id?: string;
  /** Each step up gets four times the share of what is to be had; nobody starves. @default 0 */
  readonly priority?: number;
  /** On whose behalf: tenants of one priority get equal shares. @default one tenant for all */
  readonly tenant?: string;
  readonly signal?: AbortSignal;
  readonly timeout?: TimeoutOptions;
}
