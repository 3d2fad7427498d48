import type { LimitStats } from "../limit/limit-stats.ts";
import type { MetricsSnapshot } from "../observe/metrics.ts";

/** A snapshot of what a client is doing. */
export interface LLMStats extends MetricsSnapshot {
  readonly queued: number;
  readonly inFlight: number;
  readonly limits: readonly LimitStats[];
  /** What the oldest waiting call waits for: a limit's name, `provider` while it holds us off, or `paused`; absent when nothing waits. */
  readonly boundBy?: string;
  /** Until the provider's hold ends; 0 when there is none. */
  readonly heldMs: number;
}
