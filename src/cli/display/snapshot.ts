import type { Usage } from "../../call/reply.ts";
import type { LimitStats } from "../../limit/limit-stats.ts";
import type { Percentiles } from "../../observe/recent-values.ts";

/** Where a run stands. */
export type Phase = "reading" | "running" | "draining" | "aborting";

/** Everything that a display shows of a run, at one moment. */
export interface Snapshot {
  readonly phase: Phase;
  readonly model: string;
  readonly input: string;
  readonly output: string;
  readonly elapsedMs: number;
  readonly rows: number;
  /** Rows with an answer, those of earlier runs included. */
  readonly succeeded: number;
  readonly failed: number;
  readonly resumed: number;
  readonly inFlight: number;
  /** Rows that have not been sent. */
  readonly queued: number;
  /** Starts and tokens in the last minute; in the first minute, at the pace so far. */
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
  readonly latency: Percentiles;
  readonly firstContent: Percentiles;
  readonly retries: number;
  readonly throttled: number;
  /** Since the provider last answered 429. */
  readonly throttledAgoMs?: number;
  readonly usage: Usage;
  readonly limits: readonly LimitStats[];
  /** What the oldest waiting call waits for. */
  readonly boundBy?: string;
  /** How long a provider that fails is still left alone; 0 while it is tried again, absent when no row waits for that. */
  readonly failingMs?: number;
  /** Until the provider's hold ends. */
  readonly heldMs: number;
  readonly etaMs?: number;
}

/** The limit of that name, where its value is known. */
export const knownLimit = (
  { limits }: Pick<Snapshot, "limits">,
  name: string,
): (LimitStats & { readonly value: number }) | undefined => {
  const found = limits.find((limit) => limit.name === name);
  return found?.value === undefined ? undefined : { ...found, value: found.value };
};
