import type { Dimension, Unit } from "./dimension.ts";
import type { Limits } from "./limits.ts";

/** What a pace is made of. */
export interface PaceOptions {
  readonly name: keyof Limits;
  readonly unit: Unit;
  readonly limit: number;
  readonly periodMs: number;
  /** What was taken up to this time was not counted here, so nothing of it is given back. @default -Infinity */
  readonly since?: number;
}

/**
 * Share of the configured rate that is used. The provider sees starts at slightly other distances than we send them;
 * the half percent keeps that jitter from adding up to a 429.
 */
const usedShare = 0.995;

/** Starts may run ahead of the pace by this much of the rate, so that they need not be exactly even. */
const burstMs = 1000;

/** Doubles lose the last bits when a level is filled in small steps. */
const epsilon = 1e-9;

/**
 * Spreads starts evenly: a token bucket kept as a level at a time, never refilled by a timer.
 *
 * `v(t) = min(burst, v(t0) + rate·(t − t0))`. A request that is larger than the burst waits for a full bucket and then
 * borrows, so that it goes through without letting the rate be exceeded in the long run.
 */
export class Pace implements Dimension {
  readonly name: keyof Limits;
  readonly unit: Unit;
  readonly largest: number;
  readonly #perMs: number;
  readonly #burst: number;
  #level: number;
  #at = 0;
  #since: number;

  constructor({ name, unit, limit, periodMs, since = -Infinity }: PaceOptions) {
    this.name = name;
    this.unit = unit;
    this.largest = limit;
    this.#perMs = (usedShare * limit) / periodMs;
    this.#burst = Math.min(limit, Math.max(1, this.#perMs * burstMs));
    this.#level = this.#burst;
    this.#since = since;
  }

  waitMs(now: number, amount: number): number {
    this.#advance(now);
    const missing = Math.min(amount, this.#burst) - this.#level;
    return missing <= epsilon ? 0 : missing / this.#perMs;
  }

  take(now: number, amount: number): void {
    this.#advance(now);
    this.#level -= amount;
  }

  settle(now: number, takenAt: number, taken: number, used: number): void {
    this.#advance(now);
    if (takenAt <= this.#since) return;
    this.#level = Math.min(this.#burst, this.#level + taken - used);
  }

  used(now: number): number {
    this.#advance(now);
    return Math.max(0, this.#burst - this.#level);
  }

  /** Goes on from another pace: a limit that changes forgets no debt and gives no new burst. */
  adopt(other: Dimension): void {
    if (!(other instanceof Pace)) return;
    this.#level = Math.min(this.#burst, other.#level);
    this.#at = other.#at;
    this.#since = other.#since;
  }

  #advance(now: number): void {
    if (now > this.#at) this.#level = Math.min(this.#burst, this.#level + this.#perMs * (now - this.#at));
    this.#at = Math.max(this.#at, now);
  }
}
