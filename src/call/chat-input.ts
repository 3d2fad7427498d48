import type { JsonObject } from "./json.ts";
import type { AnswerSchema } from "./standard-schema.ts";

/** What to ask a chat model, in our own words; each wire format has a codec for it. */
export interface ChatInput {
  readonly prompt?: string;
  /** Goes before the prompt or messages as the system message. */
  readonly system?: string;
  readonly messages?: readonly object[];
  readonly temperature?: number;
  readonly topP?: number;
  /** The most tokens to generate. @default the provider's */
  readonly maxOutputTokens?: number;
  readonly stop?: string | readonly string[];
  readonly seed?: number;
  /** How the answer is to be formed, where it is JSON. */
  readonly answer?: AnswerSchema;
  /** Any other fields of the wire body, as the provider names them; they win over the ones above. */
  readonly params?: JsonObject;
}
