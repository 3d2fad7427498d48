import type { CallErrorCode } from "../call/call-error.ts";
import type { Rng } from "../time/rng.ts";

/** Between which bounds the waits of one kind of failure grow. */
export interface BackoffBounds {
  readonly baseMs: number;
  readonly capMs: number;
}

/** Two calls that fail together must not come back in the same millisecond. */
const floorMs = 50;

const ordinary: BackoffBounds = { baseMs: 250, capMs: 20_000 };
const overloaded: BackoffBounds = { baseMs: 1000, capMs: 30_000 };

/** An overloaded provider is given more time than a broken connection. */
export const boundsFor = (code: CallErrorCode): BackoffBounds => (code === "overloaded" ? overloaded : ordinary);

/**
 * Milliseconds to wait before retry number `retry` (from 1).
 *
 * Full jitter, `U(0, min(cap, base·2^(retry−1)))`: it spreads a crowd of retries best for the work it costs
 * (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 */
export const fullJitter = (retry: number, { baseMs, capMs }: BackoffBounds, rng: Rng): number =>
  Math.max(floorMs, rng() * Math.min(capMs, baseMs * 2 ** (retry - 1)));
