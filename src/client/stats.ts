import type { LimitStats } from "../limit/limit-stats.ts";
import type { MetricsSnapshot } from "../observe/metrics.ts";
import type { QuotaPoolStats } from "./pool-stats.ts";
import type { RunBound } from "../observe/run-bound.ts";
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
