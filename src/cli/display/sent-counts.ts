import type { LLMStats } from "../../client/stats.ts";

/** How often a provider was asked, and for what. */
export interface SentCounts {
  /** Calls of which a request left. */
  readonly calls: number;
  /** Requests that left for them. */
  readonly attempts: number;
  readonly retries: number;
}

/** Attempts apart from calls: each attempt may be charged for. */
export const sentCounts = ({ attempts, retries }: Pick<LLMStats, "attempts" | "retries">): SentCounts => ({
  calls: Math.max(0, attempts - retries),
  attempts,
  retries,
});
