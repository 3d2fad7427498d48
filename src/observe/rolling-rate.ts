const seconds = 60;

/** How much happened in the last 60 s, kept by the second. */
export class RollingRate {
  readonly #amounts: Float64Array = new Float64Array(seconds);
  #newest = 0;

  add(now: number, amount: number): void {
    this.#advance(now);
    const slot = this.#newest % seconds;
    this.#amounts[slot] = (this.#amounts[slot] ?? 0) + amount;
  }

  perMinute(now: number): number {
    this.#advance(now);
    return this.#amounts.reduce((sum, amount) => sum + amount, 0);
  }

  #advance(now: number): void {
    const newest = Math.floor(now / 1000);
    if (newest - this.#newest >= seconds) this.#amounts.fill(0);
    else for (let second = this.#newest + 1; second <= newest; second++) this.#amounts[second % seconds] = 0;
    this.#newest = Math.max(newest, this.#newest);
  }
}
