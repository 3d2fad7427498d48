import { CallError } from "../call/call-error.ts";
import type { Permit } from "../call/limiter.ts";
import type { LimitStats } from "../limit/limit-stats.ts";
import type { Limits } from "../limit/limits.ts";
import { QuotaLimiter } from "../limit/quota-limiter.ts";
import { systemClock } from "../time/system-clock.ts";

/** What one piece of work takes, and how it stands among others. */
export interface LimitOptions {
  /** Counted against `tokensPerMinute`. @default 0 */
  readonly tokens?: number;
  /** Higher goes first. @default 0 */
  readonly priority?: number;
  /** Ends the waiting; work that has begun must watch it itself. */
  readonly signal?: AbortSignal;
}

/** Runs work under limits. */
export interface LimitedRunner {
  /** Waits for room in every limit, then calls `work`. Rejects as it does, or with `CallError` when it was never called. */
  <T>(work: () => T | Promise<T>, options?: LimitOptions): Promise<T>;
  stats(): { readonly queued: number; readonly inFlight: number; readonly limits: readonly LimitStats[] };
  setLimits(limits: Limits): void;
}

/**
 * Wraps any async function in limits: `limit(() => work(), { tokens, priority, signal })`.
 *
 * @throws RangeError when a limit is not a number above 0.
 */
export const createLimiter = (limits: Limits): LimitedRunner => {
  const limiter = new QuotaLimiter({ clock: systemClock, limits });
  let sequence = 0;
  const run = async <T>(
    work: () => T | Promise<T>,
    { tokens = 0, priority = 0, signal = never }: LimitOptions = {},
  ): Promise<T> => {
    const id = `work-${sequence}`;
    const demand = { inputTokens: tokens, outputTokens: 0 };
    const permit = await limiter.admit({ id, demand, priority, sequence: sequence++, signal });
    return settled(permit, work, tokens);
  };
  return Object.assign(run, {
    stats: () => ({ queued: limiter.queued, inFlight: limiter.inFlight, limits: limiter.stats() }),
    setLimits: (changed: Limits) => limiter.setLimits(changed),
  });
};

const settled = async <T>(permit: Permit, work: () => T | Promise<T>, tokens: number): Promise<T> => {
  try {
    const result = await work();
    permit.settle({ ok: true, usage: { inputTokens: tokens, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 } });
    return result;
  } catch (error) {
    permit.settle({
      ok: false,
      error: error instanceof CallError ? error : new CallError("server", "The work failed", { cause: error }),
    });
    throw error;
  }
};

const never: AbortSignal = new AbortController().signal;
