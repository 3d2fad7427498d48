import type { Limits } from "../limit/limits.ts";

/** What is particular about one provider of a client. */
export interface ProviderSettings {
  /** The known provider whose formats and quirks apply. @default its own name where that is known, else the OpenAI format without quirks */
  readonly dialect?: string;
  /** @default the provider's own address */
  readonly baseURL?: string;
  /** @default the provider's environment variable */
  readonly apiKey?: string;
  /** Several keys: each call goes to the one that can take it first. */
  readonly apiKeys?: readonly string[];
  /** Sent with every request to it, beside the client's. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What each of its keys allows; these hold beside the client's own. */
  readonly limits?: Limits;
}
