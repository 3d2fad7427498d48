import type { Fetch } from "./llm-fetch.ts";

/** The longest time that a timer of Node can wait; the client's own timeouts end a call long before. */
const longestMs = 2 ** 31 - 1;

/** What an SDK is to be made with, so that limits, retries and timeouts are the client's alone. */
export interface SDKOptions {
  /** `new OpenAI(…)`, `new AzureOpenAI(…)` */
  readonly openai: { readonly fetch: Fetch; readonly maxRetries: 0; readonly timeout: number };
  /** `new Anthropic(…)` */
  readonly anthropic: { readonly fetch: Fetch; readonly maxRetries: 0; readonly timeout: number };
  /** `new GoogleGenAI(…)` */
  readonly google: { readonly httpOptions: { readonly fetch: Fetch } };
  /** `createOpenAI(…)` and every other provider of the Vercel AI SDK */
  readonly ai: { readonly fetch: Fetch };
  /** `new ChatOpenAI(…)` and `new OpenAIEmbeddings(…)` of LangChain */
  readonly langchain: {
    readonly maxRetries: 0;
    readonly timeout: number;
    readonly configuration: { readonly fetch: Fetch; readonly maxRetries: 0; readonly timeout: number };
  };
}

/** The name of an SDK that `clientOptions` knows. */
export type SDKName = keyof SDKOptions;

/** The options for an SDK. @throws TypeError when there is none of that name. */
export const clientOptions = <Name extends SDKName>(name: Name, fetch: Fetch): SDKOptions[Name] => {
  const stainless = { fetch, maxRetries: 0, timeout: longestMs } as const;
  const all: SDKOptions = {
    openai: stainless,
    anthropic: stainless,
    google: { httpOptions: { fetch } },
    ai: { fetch },
    langchain: { maxRetries: 0, timeout: longestMs, configuration: stainless },
  };
  if (!Object.hasOwn(all, name)) {
    const known = Object.keys(all).join(", ");
    throw new TypeError(`Cannot make client options: the SDK must be one of ${known}, got ${JSON.stringify(name)}`);
  }
  return all[name];
};
