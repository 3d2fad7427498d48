import type { CallErrorCode } from "../call/call-error.ts";
import type { Operation } from "../call/call.ts";

/** How a provider counts an answer against its quotas of tokens. */
export interface TokenCharge {
  /** `bound`: as large as the call allows it to be, when the call is let in. `used`: as it is produced. */
  readonly output: "bound" | "used";
  /** Nothing of the bound is given back when the answer turns out shorter. @default false */
  readonly kept?: boolean;
}

/** What is particular to one provider: its address, its key, and where it departs from the dialect it speaks. */
export interface Vendor {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly baseURL: string;
  /** Environment variables that may hold the key, first found first used. */
  readonly keyVariables: readonly string[];
  /** Environment variable that moves the address. */
  readonly baseURLVariable?: string;
  readonly keyRequired: boolean;
  /** How it is asked in our own words. @default 'chat' */
  readonly conversation?: Exclude<Operation, "embeddings">;
  /** Where an operation is found after the base URL, where that is not the format's own place. */
  readonly paths?: Readonly<Partial<Record<Operation, string>>>;
  /** The header that carries the key as it is, whatever the format says. */
  readonly keyHeader?: string;
  /** Appended to an address that names nothing but a host. */
  readonly basePath?: string;
  /** The environment variable that dates the API; with it each deployment has a path of its own. */
  readonly apiVersionVariable?: string;
  /** What shares one quota: each model has its own, or all models of the key, or of the server, share one. @default 'model' */
  readonly quotaScope?: "model" | "account";
  /** How an answer is held to a JSON Schema. @default 'json_schema' */
  readonly structured?: "json_schema" | "json_object" | "none";
  /** The field that bounds the output. @default 'max_tokens' */
  readonly outputBoundField?: "max_completion_tokens";
  /** What a model thinks is charged, but not counted against the bound on its output. @default false */
  readonly thinksBeyondBound?: boolean;
  /** @default 'seed' */
  readonly seedField?: "random_seed";
  /** Refuses `stream_options`, and sends usage without it. @default false */
  readonly refusesStreamOptions?: boolean;
  /** @default { output: "bound" }: the careful guess about a provider that does not say */
  readonly tokenCharge?: TokenCharge;
  /** Its request headers count the day, where others count the minute. @default false */
  readonly dailyRequestHeaders?: boolean;
  /** Meanings of its error codes and types, before the common ones. */
  readonly codes?: Readonly<Record<string, CallErrorCode>>;
  /** Meanings of its statuses, before the common ones. */
  readonly statuses?: Readonly<Record<number, CallErrorCode>>;
  /** A 402 with a Retry-After passes by itself. @default false */
  readonly paymentMayWait?: boolean;
  /** What a throttled error says when it is the day's quota that is used up. */
  readonly dayUsedUp?: RegExp;
  /** Finish reasons that are failures of the server, not ends of the answer. */
  readonly failedFinishReasons?: Readonly<Record<string, CallErrorCode>>;
}
