import type { Dimension } from "./dimension.ts";
import type { Limits } from "./limits.ts";
import { RateQuota } from "./rate-quota.ts";
import { rateNames, rates } from "./rates.ts";
import { Slots } from "./slots.ts";
import { StartLedger } from "./start-ledger.ts";

/** A pool that shares limits with others. */
export interface SharingPool {
  readonly inFlight: number;
  /** What it has started of a rate's unit; `undefined` where it never counted it. */
  historyOf(name: keyof Limits): StartLedger | undefined;
  /** Looks whether anything may start. */
  pump(): void;
}

/**
 * Limits that hold over several pools together: each pool keeps them as its own, and these count what all of them start.
 * They are made when the second pool is, from the history of the first, so that a client with one pool pays nothing.
 */
export class SharedLimits {
  readonly dimensions: readonly Dimension[];
  readonly #rates = new Map<keyof Limits, RateQuota>();
  readonly #pools: SharingPool[] = [];
  #turn = 0;

  constructor(limits: Limits, now: number, pools: readonly SharingPool[]) {
    for (const name of rateNames) if (limits[name] !== undefined) this.#rates.set(name, rateOf(name, now, pools));
    const { maxConcurrent } = limits;
    const most = typeof maxConcurrent === "object" ? maxConcurrent.max : maxConcurrent;
    const slots = typeof most === "number" ? [new Slots(most, sum(pools.map(({ inFlight }) => inFlight)))] : [];
    this.dimensions = [...slots, ...this.#rates.values()];
    for (const [name, rate] of this.#rates) rate.configure(now, limits[name] as number);
    this.#pools.push(...pools);
  }

  add(pool: SharingPool): void {
    this.#pools.push(pool);
  }

  /** Something was given back: the pools take turns at it. */
  pump(): void {
    const first = this.#turn;
    this.#turn = (first + 1) % this.#pools.length;
    for (let index = 0; index < this.#pools.length; index++) this.#pools[(first + index) % this.#pools.length]?.pump();
  }
}

const rateOf = (name: keyof Limits, now: number, pools: readonly SharingPool[]): RateQuota => {
  const { unit, periodMs } = rates.find((rate) => rate.name === name) ?? { unit: "request", periodMs: 60_000 };
  const starts = pools.flatMap((pool) => [...(pool.historyOf(name)?.entries(-Infinity) ?? [])]);
  const ledger = new StartLedger();
  for (const [at, amount] of starts.toSorted(([a], [b]) => a - b)) ledger.add(at, amount);
  return new RateQuota({ name, unit, periodMs, ledger, since: now });
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
