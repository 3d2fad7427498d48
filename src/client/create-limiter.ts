import { CallError, cancellation } from "../call/call-error.ts";
import type { Permit } from "../call/limiter.ts";
import type { LimitStats } from "../limit/limit-stats.ts";
import type { Limits } from "../limit/limits.ts";
import { QuotaLimiter } from "../limit/quota-limiter.ts";
import type { AdmissionRequest } from "../limit/queued-attempt.ts";
import { onAbort } from "../time/on-abort.ts";
import { systemClock } from "../time/system-clock.ts";

/** What one piece of work takes, and how it stands among others. */
export interface LimitOptions {
  /** Counted against `tokensPerMinute`. @default 0 */
  readonly tokens?: number;
  /** Each step up gets four times the share of what is to be had; nobody starves. @default 0 */
  readonly priority?: number;
  /** On whose behalf: tenants of one priority get equal shares. @default one tenant for all */
  readonly tenant?: string;
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
  const run = async <T>(work: () => T | Promise<T>, options: LimitOptions = {}): Promise<T> => {
    const { tokens = 0, priority = 0, tenant = "", signal } = options;
    checkNumber("tokens", tokens, 0);
    checkNumber("priority", priority, -Infinity);
    const demand = { inputTokens: tokens, outputTokens: 0 };
    const request = { id: `work-${sequence}`, demand, priority, tenant, sequence };
    sequence += 1;
    const permit = await (signal === undefined ? limiter.admit(request) : admitUnder(limiter, request, signal));
    return settled(permit, work, tokens);
  };
  return Object.assign(run, {
    stats: () => ({ queued: limiter.queued, inFlight: limiter.inFlight, limits: limiter.stats() }),
    setLimits: (changed: Limits) => limiter.setLimits(changed),
  });
};

/** Many pieces of work may share one signal; each follows it over a signal of its own. */
const admitUnder = async (limiter: QuotaLimiter, request: AdmissionRequest, shared: AbortSignal): Promise<Permit> => {
  if (shared.aborted) throw cancellation(shared.reason);
  const controller = new AbortController();
  const stop = onAbort(shared, () => controller.abort(shared.reason));
  try {
    return await limiter.admit({ ...request, signal: controller.signal });
  } finally {
    stop();
  }
};

const checkNumber = (name: string, value: number, least: number): void => {
  if (Number.isFinite(value) && value >= least) return;
  throw new RangeError(
    `Cannot limit the work: "${name}" must be a finite number${least === 0 ? " from 0" : ""}, got ${value}`,
  );
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
