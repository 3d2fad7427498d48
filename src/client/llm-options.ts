import type { CallEvent } from "../call/call-event.ts";
import type { Handler } from "../call/handler.ts";
import type { QueueOrder } from "../limit/ticket.ts";
import type { OpenTelemetryApi } from "../observe/open-telemetry-api.ts";
import type { PoolLearnedLimits } from "./pool-stats.ts";
import type { Limits } from "../limit/limits.ts";
import type { PriceOverrides } from "../provider/prices/price-overrides.ts";
import type { RetryOptions } from "../retry/retry-options.ts";
import type { BreakerOptions } from "../route/breaker-options.ts";
import type { HedgeOptions } from "../route/hedge-options.ts";
import type { CacheOptions } from "./cache/cache-options.ts";
import type { ProviderSettings } from "./provider-settings.ts";
import type { Clock } from "../time/clock.ts";
import type { Rng } from "../time/rng.ts";
import type { TimeoutOptions } from "../timeout/timeout-options.ts";

/** What a client is made of; everything is optional. */
export interface LLMOptions {
  /** `provider/model`, such as `openai/gpt-5-mini`. A name without a known provider goes to `baseURL` as it is. */
  readonly model?: string;
  /** @default the provider's own address */
  readonly baseURL?: string;
  /** @default the provider's environment variable, such as `OPENAI_API_KEY` */
  readonly apiKey?: string;
  /** Sent with every request, beside the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What is particular about single providers, and providers with names of your own. */
  readonly providers?: Readonly<Record<string, ProviderSettings>>;
  /** Names of yours for models that several `provider/model` serve: each call goes to the one that can start it first. */
  readonly deployments?: Readonly<Record<string, readonly string[]>>;
  /** The models to ask, in order, when a model cannot answer. */
  readonly fallbacks?: Readonly<Record<string, readonly string[]>>;
  /** Hold over everything that the client does; what a key of a provider allows beside them is among `providers`. */
  readonly limits?: Limits;
  /** What an earlier client has found out about the limits, to begin there: `llm.learnedLimits()` of then. @default nothing */
  readonly learnedLimits?: PoolLearnedLimits;
  /** In which order calls that wait start, within their tenant and priority. @default 'fifo' */
  readonly order?: QueueOrder;
  /** Bounds the output of calls that do not say; `'auto'` follows what the model's answers were like. @default none */
  readonly maxOutputTokens?: number | "auto";
  /**
   * How the tokens of requests are counted before they are sent: estimated, and corrected per model by what answers used; or
   * `'exact'`, by `gpt-tokenizer`, which is to be installed beside. @default 'estimate'
   */
  readonly tokenizer?: "estimate" | "exact";
  /** Makes identical calls that are in flight at the same time as one call. @default false */
  readonly coalesce?: boolean;
  /** A folder in which answers are kept: a call that was answered before, by this program or an earlier one, is not sent again. @default none */
  readonly cache?: string | CacheOptions;
  /** Makes the last calls of many that hang a second time, and takes the first answer. @default false */
  readonly hedge?: boolean | HedgeOptions;
  /** When a provider that fails is left alone, and for how long; false never leaves it alone. @default its own defaults */
  readonly breaker?: false | BreakerOptions;
  /** Prices of yours, before those of the price table: `{ "deepseek/*": { input: 2, output: 3, currency: "CNY" } }`, per million tokens. */
  readonly prices?: PriceOverrides;
  /** A number of retries, or all that can be said about them. @default 5 */
  readonly retry?: number | RetryOptions;
  readonly timeout?: TimeoutOptions;
  /** How many calls may wait; one more fails with `queue_full`. @default 1_000_000 */
  readonly maxQueued?: number;
  /** Told everything that happens to every call. */
  readonly onEvent?: (event: CallEvent) => void;
  /** The module `@opentelemetry/api`: a span for each call, its waiting and its attempts, and measurements; never a prompt or an answer. @default none */
  readonly telemetry?: OpenTelemetryApi;
  /** Answers the calls in place of a provider: another client, a simulator, a test. */
  readonly handler?: Handler;
  /** @default the system's */
  readonly clock?: Clock;
  /** @default `Math.random` */
  readonly rng?: Rng;
}
