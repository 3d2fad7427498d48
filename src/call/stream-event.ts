import type { JsonObject } from "./json.ts";

/** One event of a provider's stream, parsed. */
export interface StreamEvent {
  /** The event as the provider sent it. */
  readonly body: JsonObject;
  /** The text that it adds to the answer; often empty. */
  readonly text: string;
  /** Whether it carries anything of the answer: text, a tool call, reasoning, a refusal. */
  readonly content: boolean;
}
