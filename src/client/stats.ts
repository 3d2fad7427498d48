import type { LimitStats } from "../limit/limit-stats.ts";
import type { MetricsSnapshot } from "../observe/metrics.ts";
import { combinedLimits, poolStats, type QuotaPoolStats } from "./pool-stats.ts";
import type { Pools } from "./pools.ts";
import { type RunBound, runBound } from "../observe/run-bound.ts";
import type { BreakerStats } from "../route/breaker-gate.ts";

/** A snapshot of what a client is doing. */
export interface LLMStats extends MetricsSnapshot {
  readonly queued: number;
  readonly inFlight: number;
  /** Over all pools together. */
  readonly limits: readonly LimitStats[];
  /** Each quota by itself: a key's, or a model's of a key. */
  readonly pools: readonly QuotaPoolStats[];
  /** One per provider that was called: whether it is left alone because it fails, and until when. */
  readonly breakers: readonly BreakerStats[];
  /**
   * What the oldest waiting call waits for: a limit's name, `provider` while it holds us off, `quota` while one is used up, `breaker` while it is left
   * alone because it fails, or `paused`; absent when nothing waits.
   */
  readonly boundBy?: string;
  /** Until the provider's hold ends; 0 when there is none. */
  readonly heldMs: number;
  /** The least time in which the limits as they stand allowed what has been done, and how near the client came; absent before the first success. */
  readonly bound?: RunBound;
}

/** How a client stands. */
export const clientStats = (snapshot: MetricsSnapshot, pools: Pools, breakers: readonly BreakerStats[]): LLMStats => {
  const { queued, inFlight } = pools;
  const each = pools.all.map(poolStats);
  const bound = each.filter(({ boundBy }) => boundBy !== undefined).toSorted((a, b) => b.queued - a.queued);
  // Where one pool can go on, the client is not held.
  const heldMs = Math.min(...(bound.length === 0 ? each : bound).map((pool) => pool.heldMs));
  // Whoever waits for a provider that is left alone is not in the limiter's queue.
  const boundBy = bound[0]?.boundBy ?? (breakers.some(({ waiting }) => waiting > 0) ? "breaker" : undefined);
  const limits = combinedLimits(each, pools.limits);
  const possible = runBound(snapshot.work, limits);
  return {
    ...snapshot,
    queued,
    inFlight,
    heldMs: each.length === 0 ? 0 : heldMs,
    limits,
    pools: each,
    breakers,
    ...(boundBy === undefined ? {} : { boundBy }),
    ...(possible === undefined ? {} : { bound: possible }),
  };
};
