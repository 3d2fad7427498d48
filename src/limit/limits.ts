/** What the account allows. Every limit is a hard cap on starts in any rolling period, retries included; all hold at once. */
export interface Limits {
  /** Calls at once; `'auto'` or bounds: 16 to start, then as many as the provider takes. @default 'auto' */
  readonly maxConcurrent?: number | "auto" | ConcurrencyBounds;
  readonly requestsPerMinute?: number;
  /** Input and output together. */
  readonly tokensPerMinute?: number;
  readonly inputTokensPerMinute?: number;
  readonly outputTokensPerMinute?: number;
  readonly requestsPerDay?: number;
  readonly tokensPerDay?: number;
}

/** Between how many calls at once the search for the right number stays. */
export interface ConcurrencyBounds {
  /** @default 1 */
  readonly min?: number;
  /** @default 1024 */
  readonly max?: number;
}
