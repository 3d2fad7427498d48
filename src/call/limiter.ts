import type { CallError } from "./call-error.ts";
import type { Call, Demand } from "./call.ts";
import type { Context } from "./context.ts";
import type { Usage } from "./reply.ts";

/** Decides when an attempt may start. */
export interface Limiter {
  /** Waits until every limit has room. Rejects with `CallError`: `too_large`, `queue_full`, `closed`, or the signal's reason. */
  acquire(call: Call, context: Context): Promise<Permit>;
  /** The earliest clock time at which such a demand could start, if nothing else changes. */
  earliestStart(demand: Demand): number;
}

/** Leave to make one attempt. Settled exactly once with what happened; disposed unsettled, it gives everything back. */
export interface Permit extends Disposable {
  /** Takes in what the provider's headers say about its quotas. */
  observe(reading: QuotaReading): void;
  /** Takes in how many output tokens have been produced so far: what goes beyond the reservation is charged while it runs. */
  produced(outputTokens: number): void;
  settle(outcome: Outcome): void;
}

/** How an attempt ended. */
export type Outcome = { readonly ok: true; readonly usage?: Usage } | { readonly ok: false; readonly error: CallError };

/** What a response's rate-limit headers say, per quota. */
export type QuotaReading = readonly QuotaLevel[];

/** One quota as the provider sees it when it answers. */
export interface QuotaLevel {
  readonly unit: "request" | "total" | "input" | "output";
  readonly limit?: number;
  readonly remaining?: number;
  /** Until the quota is full again, or until its window ends. */
  readonly resetMs?: number;
  /** The period of `limit`. @default 60_000 */
  readonly periodMs?: number;
  /** The provider rounds `remaining` to multiples of this. @default 1 */
  readonly quantum?: number;
}
