/** Starts may run ahead of the pace by this much of the rate, so that they need not be exactly even. */
const burstMs = 1000;

/** Doubles lose the last bits when a level is filled in small steps. */
const epsilon = 1e-9;

/**
 * Spreads starts evenly: a token bucket kept as a level at a time, never refilled by a timer.
 *
 * `v(t) = min(burst, v(t0) + rate·(t − t0))`. A request that is larger than the burst waits for a full bucket and then
 * borrows, so that it goes through without letting the rate be exceeded in the long run. The rate is an argument: who
 * owns the pace may change it at any time. In the manner of Go's `x/time/rate`, with debt.
 */
export class Pace {
  #level = Infinity;
  #burst = Infinity;
  #at = 0;

  get level(): number {
    return this.#level;
  }

  get burst(): number {
    return this.#burst;
  }

  /** How much may be taken at once: a second of the rate, never less than one request and never more than the limit. */
  shape(perMs: number, limit: number, share = 1): void {
    this.#burst = Math.min(limit, Math.max(1, perMs * burstMs * share));
    this.#level = Math.min(this.#level, this.#burst);
  }

  advance(now: number, perMs: number): void {
    if (now <= this.#at) return;
    // What was credited above the burst is kept, and not added to.
    if (this.#level < this.#burst) this.#level = Math.min(this.#burst, this.#level + perMs * (now - this.#at));
    this.#at = now;
  }

  /** Milliseconds until `amount` fits at that rate. */
  waitMs(amount: number, perMs: number): number {
    const missing = Math.min(amount, this.#burst) - this.#level;
    return missing <= epsilon ? 0 : missing / perMs;
  }

  take(amount: number): void {
    this.#level -= amount;
  }

  giveBack(amount: number): void {
    if (this.#level < this.#burst) this.#level = Math.min(this.#burst, this.#level + amount);
  }

  /** The level is at least this, even above the burst: the provider itself says that there is room. */
  raise(level: number): void {
    this.#level = Math.max(this.#level, level);
  }

  /** The level is at most this. */
  lower(level: number): void {
    this.#level = Math.min(this.#level, level);
  }
}
