/** Into how many parts a period is cut. Counting a whole part until its end has left the period errs by 1/600 at most, on the safe side. */
const parts = 600;

/**
 * A start reaches the provider a little after its permit, the first ones latest, for they open connections. What was
 * taken counts so much longer, that starts which slide together still stay below the limit where it is counted.
 * The pace stays below the window all the same.
 */
const longestMarginMs = 150;
const marginShare = 0.0025;

/** Sums of fractions miss a whole number by less than this. */
const crumb = 1e-6;

/**
 * The hard cap: in any rolling period, however it is laid, never more than the limit.
 *
 * A ring of counts per part of the period. What was taken in a part counts until the whole part is older than the period.
 */
export class RollingWindow {
  /** Infinity where only the count matters. */
  limit: number = Infinity;
  readonly #periodMs: number;
  readonly #partMs: number;
  readonly #taken: Float64Array = new Float64Array(parts + 1);
  #sum = 0;
  #newest = 0;

  constructor(periodMs: number) {
    this.#periodMs = periodMs + Math.min(longestMarginMs, marginShare * periodMs);
    this.#partMs = this.#periodMs / parts;
  }

  /** Milliseconds until `amount` fits. */
  waitMs(now: number, amount: number): number {
    this.#advance(now);
    let surplus = this.#sum + amount - this.limit;
    if (surplus <= crumb) return 0;
    let part = Math.max(0, this.#newest - parts);
    surplus -= this.#count(part);
    // Rounding can leave a crumb of surplus when all parts are gone: then everything has left and there is room.
    while (surplus > 0 && part < this.#newest) surplus -= this.#count(++part);
    return Math.max(0, (part + 1) * this.#partMs + this.#periodMs - now);
  }

  /** Counts `amount` from now on. */
  take(now: number, amount: number): void {
    this.#advance(now);
    this.#add(this.#newest, amount);
  }

  /** Replaces what was taken at `takenAt` by what was used; nothing when that has left the period. */
  settle(now: number, takenAt: number, taken: number, used: number): void {
    this.#advance(now);
    const part = Math.floor(takenAt / this.#partMs);
    if (part >= this.#newest - parts) this.#add(part, used - taken);
  }

  /** What counts now. */
  used(now: number): number {
    this.#advance(now);
    return this.#sum;
  }

  #count(part: number): number {
    return this.#taken[part % (parts + 1)] ?? 0;
  }

  #add(part: number, amount: number): void {
    const slot = part % (parts + 1);
    this.#taken[slot] = (this.#taken[slot] ?? 0) + amount;
    this.#sum += amount;
  }

  #advance(now: number): void {
    const newest = Math.floor(now / this.#partMs);
    if (newest <= this.#newest) return;
    if (newest - this.#newest > parts) this.#taken.fill(0);
    else for (let part = this.#newest + 1; part <= newest; part++) this.#taken[part % (parts + 1)] = 0;
    this.#newest = newest;
    this.#sum = this.#taken.reduce((sum, taken) => sum + taken, 0);
  }
}
