/** What the account allows. Every limit is a hard cap on starts in any rolling period, retries included; all hold at once. */
export interface Limits {
  /** Calls at once. @default 'auto': 16 to start, then as many as the provider takes */
  readonly maxConcurrent?: number | "auto";
  readonly requestsPerMinute?: number;
  /** Input and output together. */
  readonly tokensPerMinute?: number;
  readonly inputTokensPerMinute?: number;
  readonly outputTokensPerMinute?: number;
  readonly requestsPerDay?: number;
  readonly tokensPerDay?: number;
}
