import type { Call, Demand } from "../call/call.ts";
import type { CallError } from "../call/call-error.ts";
import type { Context } from "../call/context.ts";
import type { Limiter, Permit } from "../call/limiter.ts";
import type { LearnedLimits } from "../limit/learned-limits.ts";
import type { Limits } from "../limit/limits.ts";
import { QuotaLimiter } from "../limit/quota-limiter.ts";
import { SharedLimits } from "../limit/shared-limits.ts";
import type { QueueOrder } from "../limit/ticket.ts";
import type { Clock } from "../time/clock.ts";
import type { PoolLearnedLimits } from "./pool-stats.ts";
import { tighterLimits } from "./tighter-limits.ts";

/** What the pools of a client are made of. */
export interface PoolsOptions {
  readonly clock: Clock;
  /** Hold over all pools together. */
  readonly limits: Limits;
  readonly maxQueued: number;
  readonly order: QueueOrder;
  readonly learned: PoolLearnedLimits;
  readonly parkedMs: (error: CallError) => number | undefined;
  /** Which quota a call takes from, and what is configured for it alone. */
  readonly scopeOf: (call: Pick<Call, "model" | "deployment">) => QuotaScope;
  /** So many quotas are told apart; calls of any further one share the first one's. @default 256 */
  readonly maxPools?: number;
}

/** What shares one quota. */
export interface QuotaScope {
  readonly name: string;
  readonly limits?: Limits | undefined;
}

/** One pool as the client names it. */
export interface NamedPool {
  readonly name: string;
  readonly limiter: QuotaLimiter;
}

/** One limiter for each quota that the provider keeps, made when the first call takes from it. */
export class Pools implements Limiter {
  readonly #options: PoolsOptions;
  readonly #pools = new Map<string, QuotaLimiter>();
  #limits: Limits;
  #shared: SharedLimits | undefined;
  #paused = false;
  #closed = false;

  constructor(options: PoolsOptions) {
    this.#options = options;
    this.#limits = options.limits;
    // What is wrong is said now, not when the first call makes a pool of it.
    const { pools = {}, ...first } = options.learned;
    for (const learned of [first, ...Object.values(pools)]) new QuotaLimiter({ ...options, learned });
  }

  acquire(call: Call, context: Context): Promise<Permit> {
    return this.of(call).acquire(call, context);
  }

  /** The earliest start in any of them. */
  earliestStart(demand: Demand): number {
    return Math.min(...this.all.map(({ limiter }) => limiter.earliestStart(demand)));
  }

  /** The pool that a call takes from. */
  of(call: Pick<Call, "model" | "deployment">): QuotaLimiter {
    const scope = this.#options.scopeOf(call);
    return this.#pools.get(scope.name) ?? this.#open(scope);
  }

  get all(): readonly NamedPool[] {
    return [...this.#pools].map(([name, limiter]) => ({ name, limiter }));
  }

  get queued(): number {
    return this.#sum((limiter) => limiter.queued);
  }

  get inFlight(): number {
    return this.#sum((limiter) => limiter.inFlight);
  }

  get concurrency(): number {
    return this.#sum((limiter) => limiter.concurrency);
  }

  pause(): void {
    this.#paused = true;
    for (const limiter of this.#pools.values()) limiter.pause();
  }

  resume(): void {
    this.#paused = false;
    for (const limiter of this.#pools.values()) limiter.resume();
  }

  /** Changes the limits that hold over all pools. */
  setLimits(limits: Limits): void {
    const named = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
    for (const limiter of this.#pools.values()) limiter.setLimits(named);
    this.#limits = { ...this.#limits, ...named };
    this.#share();
  }

  /** What each pool has found out: the first one's as it is, the others' by their names. */
  get learned(): PoolLearnedLimits {
    const [first, ...others] = this.all;
    const pools = Object.fromEntries(others.map(({ name, limiter }) => [name, limiter.learned]));
    return { ...first?.limiter.learned, ...(others.length === 0 ? {} : { pools }) };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#pools.values()].map((limiter) => limiter.close()));
  }

  #open(scope: QuotaScope): QuotaLimiter {
    const { maxPools = 256 } = this.#options;
    const [first] = this.#pools.values();
    if (first !== undefined && this.#pools.size >= maxPools) return first;
    const limiter = new QuotaLimiter({
      ...this.#options,
      limits: tighterLimits(this.#limits, scope.limits),
      learned: this.#learnedOf(scope.name),
    });
    if (this.#paused) limiter.pause();
    if (this.#closed) limiter.close().catch(() => undefined);
    this.#pools.set(scope.name, limiter);
    this.#share();
    return limiter;
  }

  #learnedOf(name: string): LearnedLimits {
    const { pools, ...first } = this.#options.learned;
    return pools?.[name] ?? (this.#pools.size === 0 ? first : {});
  }

  /** With one pool its own limits are all there is. */
  #share(): void {
    if (this.#pools.size < 2 || Object.keys(this.#limits).length === 0) return;
    const limiters = [...this.#pools.values()];
    this.#shared = new SharedLimits(this.#limits, this.#options.clock.now(), limiters);
    for (const limiter of limiters) limiter.share(this.#shared);
  }

  #sum(of: (limiter: QuotaLimiter) => number): number {
    let sum = 0;
    for (const limiter of this.#pools.values()) sum += of(limiter);
    return sum;
  }
}
