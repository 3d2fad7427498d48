import type { PriceOverrides } from "../provider/prices/price-overrides.ts";
import type { Duration } from "../time/duration.ts";

/** What a configuration file of the command line may say: `sluice.config.ts`, `.js`, `.json`, `.yaml`. */
export interface SluiceConfig {
  /** `provider/model`, or a name among `deployments`. */
  readonly model?: string;
  /** Any OpenAI-compatible server. @default the provider's own address */
  readonly baseURL?: string;
  /** What is particular about single providers, and providers with names of your own. */
  readonly providers?: Readonly<Record<string, ConfigProvider>>;
  /** Names of yours for models that several `provider/model` serve. */
  readonly deployments?: Readonly<Record<string, readonly string[]>>;
  /** The models to ask, in order, when a model cannot answer. */
  readonly fallbacks?: Readonly<Record<string, readonly string[]>>;
  /** Hold over everything that a command does. */
  readonly limits?: ConfigLimits;
  /** Prices, or the path of a JSON or YAML file of them, seen from the configuration file. */
  readonly prices?: string | PriceOverrides;
  /** Retries of one call, 429s not counted. @default 5 */
  readonly retries?: number;
  /** One attempt, whole. @default '10m' */
  readonly timeout?: ConfigDuration;
  /** Until the first content of a stream. @default '2m' */
  readonly timeoutFirst?: ConfigDuration;
  /** Silence in an answer. @default '1m' */
  readonly timeoutIdle?: ConfigDuration;
  /** One call with all its waiting. @default 'none' */
  readonly timeoutTotal?: ConfigDuration | "none";
  /** What to do when a quota is used up for long. @default 'fail' */
  readonly onQuota?: "fail" | "wait";
  /** How progress is shown. @default 'auto' */
  readonly progress?: "auto" | "tty" | "plain" | "json" | "none";
}

/** A duration with its unit, such as `'30s'`. */
export type ConfigDuration = Exclude<Duration, number>;

/** One provider; its keys stand under one of four names, each as `"$VARIABLE"` or literally. */
export interface ConfigProvider {
  /** One key, or several: each call goes to the one that can take it first. @default the provider's variable */
  readonly keys?: string | readonly string[] | undefined;
  /** The same as `keys`. */
  readonly key?: string | readonly string[] | undefined;
  /** The same as `keys`. */
  readonly apiKey?: string | readonly string[] | undefined;
  /** The same as `keys`. */
  readonly apiKeys?: string | readonly string[] | undefined;
  /** @default the provider's own address */
  readonly baseURL?: string;
  /** The known provider whose formats and quirks apply. @default its own name where that is known */
  readonly dialect?: string;
  /** Sent with every request to it. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What each of its keys allows. */
  readonly limits?: ConfigLimits;
}

/** Limits as the flags write them: `500`, `'500/m'`, `'200k'`. */
export interface ConfigLimits {
  /** Requests per minute. */
  readonly rpm?: number | string;
  /** Tokens per minute, input and output. */
  readonly tpm?: number | string;
  /** Input tokens per minute. */
  readonly itpm?: number | string;
  /** Output tokens per minute. */
  readonly otpm?: number | string;
  /** Requests per day. */
  readonly rpd?: number | string;
  /** Tokens per day, input and output. */
  readonly tpd?: number | string;
  /** Calls at once: a number, bounds such as `'10-100'`, or `'auto'`. @default 'auto' */
  readonly concurrency?: number | string;
}

/** Gives a configuration back as it is: editors complete and check what stands in it. */
export const defineConfig = (config: SluiceConfig): SluiceConfig => config;
