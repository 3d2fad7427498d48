import type { Limits } from "./limits.ts";

/** What was found out about one rate: what the provider says, else the rate that it took. */
export interface LearnedRate {
  readonly limit?: number;
  readonly perMs?: number;
}

/** What a pool has found out about its limits: plain data, to be kept for the next run. */
export interface LearnedLimits {
  /** Calls at once. */
  readonly maxConcurrent?: number;
  readonly rates?: Readonly<Partial<Record<keyof Limits, LearnedRate>>>;
}
