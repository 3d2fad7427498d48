import type { Call, Demand } from "../call/call.ts";
import type { CallError } from "../call/call-error.ts";
import type { Context } from "../call/context.ts";
import type { Limiter, Permit } from "../call/limiter.ts";
import { checkLimits } from "../limit/check-limits.ts";
import type { LearnedLimits } from "../limit/learned-limits.ts";
import type { Limits } from "../limit/limits.ts";
import { QuotaLimiter } from "../limit/quota-limiter.ts";
import { rateNames } from "../limit/rates.ts";
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

interface OpenPool extends NamedPool {
  /** Configured for it alone. */
  readonly own: Limits | undefined;
}

/** One limiter for each quota that the provider keeps, made when the first call takes from it. */
export class Pools implements Limiter {
  readonly #options: PoolsOptions;
  readonly #pools = new Map<string, OpenPool>();
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
    return (this.#pools.get(scope.name) ?? this.#open(scope)).limiter;
  }

  get all(): readonly NamedPool[] {
    return [...this.#pools.values()];
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
    for (const { limiter } of this.#pools.values()) limiter.pause();
  }

  resume(): void {
    this.#paused = false;
    for (const { limiter } of this.#pools.values()) limiter.resume();
  }

  /** Those that hold over all pools together. */
  get limits(): Limits {
    return this.#limits;
  }

  /** Changes the limits that hold over all pools; what is configured for one of them alone still holds. @throws RangeError */
  setLimits(limits: Limits): void {
    checkLimits(limits, rateNames);
    const named = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
    this.#limits = { ...this.#limits, ...named };
    // First, for a pool looks at once what may start.
    this.#share();
    for (const { limiter, own } of this.#pools.values()) {
      const tighter = Object.entries(tighterLimits(named, own)).filter(([name]) => name in named);
      limiter.setLimits(Object.fromEntries(tighter));
    }
  }

  /** What each pool has found out by its name; the first one's also as it is. */
  get learned(): PoolLearnedLimits {
    const { all } = this;
    const pools = Object.fromEntries(all.map(({ name, limiter }) => [name, limiter.learned]));
    return { ...all[0]?.limiter.learned, ...(all.length < 2 ? {} : { pools }) };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.all.map(({ limiter }) => limiter.close()));
  }

  /** One that has limits of its own always gets a pool: there are no more of these than were configured. */
  #open({ name, limits: own }: QuotaScope): OpenPool {
    const { maxPools = 256 } = this.#options;
    const common = own === undefined && this.#pools.size >= maxPools ? this.#common() : undefined;
    if (common !== undefined) return common;
    const limits = tighterLimits(this.#limits, own);
    const limiter = new QuotaLimiter({ ...this.#options, limits, learned: this.#learnedOf(name) });
    if (this.#paused) limiter.pause();
    if (this.#closed) limiter.close().catch(() => undefined);
    const pool = { name, limiter, own };
    this.#pools.set(name, pool);
    this.#share();
    return pool;
  }

  /** Limits that were configured for one alone are not for others to use up. */
  #common(): OpenPool | undefined {
    return [...this.#pools.values()].find(({ own }) => own === undefined);
  }

  #learnedOf(name: string): LearnedLimits {
    const { pools, ...first } = this.#options.learned;
    return pools?.[name] ?? (this.#pools.size === 0 ? first : {});
  }

  /** With one pool its own limits are all there is. */
  #share(): void {
    if (this.#pools.size < 2 || Object.keys(this.#limits).length === 0) return;
    const limiters = this.all.map(({ limiter }) => limiter);
    this.#shared = new SharedLimits(this.#limits, this.#options.clock.now(), limiters);
    for (const limiter of limiters) limiter.share(this.#shared);
  }

  #sum(of: (limiter: QuotaLimiter) => number): number {
    let sum = 0;
    for (const { limiter } of this.#pools.values()) sum += of(limiter);
    return sum;
  }
}
