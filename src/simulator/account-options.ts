/** How a quota comes back: continuously, all at once at the turn of a window, or each part a period after it was used. */
type QuotaKind = "bucket" | "window" | "sliding";

/** How one quota is kept. */
export interface QuotaShape {
  /** @default 'bucket' */
  readonly quota?: QuotaKind;
  /** How much of a bucket can be used at once after a rest: its depth. @default 60_000 */
  readonly burstMs?: number;
  /** The length of a window, fixed or sliding, which allows its part of what a minute allows. @default 60_000 */
  readonly windowMs?: number;
  /** When the first turn of a fixed window comes, after the start. @default windowMs */
  readonly windowPhaseMs?: number;
}

/** What an account allows, how it counts, and what it says about it. */
export interface AccountOptions extends QuotaShape {
  /** @default none */
  readonly requestsPerMinute?: number;
  /** Input and output together. @default none */
  readonly tokensPerMinute?: number;
  /** Charged when a call is admitted. @default none */
  readonly inputTokensPerMinute?: number;
  /** Charged as the tokens are produced; a call is admitted while anything is left. @default none */
  readonly outputTokensPerMinute?: number;
  /** How the quota of requests is kept, where that differs. @default as the other quotas */
  readonly requestQuota?: QuotaKind | QuotaShape;
  /** How the quotas of tokens are kept, where that differs. @default as the other quotas */
  readonly tokenQuota?: QuotaKind | QuotaShape;
  /**
   * What `tokensPerMinute` counts: the prompt and the bound on the answer at admission, with nothing given back, or the
   * prompt at admission and the answer when it has been produced. @default 'bound'
   */
  readonly tokenCharge?: "bound" | "actual";
  /** More calls at once are refused with a 429. @default none */
  readonly maxConcurrent?: number;
  /** More calls at once slow each other down, so that all together get no faster. @default none */
  readonly kneeConcurrent?: number;
  /** The share of each quota, in [0, 1), that other clients of the account take evenly. @default 0 */
  readonly foreignShare?: number;
  /** Whether answers carry `x-ratelimit-*` headers. @default true */
  readonly headers?: boolean;
  /** What is left is rounded down to multiples of this in the headers. @default 1 */
  readonly headerQuantum?: number;
  /** Whether a 429 says when to try again. @default true */
  readonly hints?: boolean;
}

type Optional =
  | "requestsPerMinute"
  | "tokensPerMinute"
  | "inputTokensPerMinute"
  | "outputTokensPerMinute"
  | "requestQuota"
  | "tokenQuota"
  | "windowPhaseMs"
  | "maxConcurrent"
  | "kneeConcurrent";

/** The options with their defaults. */
export type AccountSettings = Required<Omit<AccountOptions, Optional>> & Pick<AccountOptions, Optional>;

/** What an account is like when nothing is said about it. */
export const accountDefaults: Required<Omit<AccountOptions, Optional>> = {
  quota: "bucket",
  burstMs: 60_000,
  windowMs: 60_000,
  tokenCharge: "bound",
  foreignShare: 0,
  headers: true,
  headerQuantum: 1,
  hints: true,
};
