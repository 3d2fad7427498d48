/** The exact sum of what happened within the last period. */
export class RollingSum {
  readonly #periodMs: number;
  readonly #times: number[] = [];
  readonly #amounts: number[] = [];
  #first = 0;
  #sum = 0;

  constructor(periodMs: number) {
    this.#periodMs = periodMs;
  }

  /** Notes an amount at a time that is not before the last one. */
  add(now: number, amount: number): void {
    this.#expire(now);
    const last = this.#times.length - 1;
    if (last >= this.#first && this.#times[last] === now) this.#amounts[last] = (this.#amounts[last] ?? 0) + amount;
    else {
      this.#times.push(now);
      this.#amounts.push(amount);
    }
    this.#sum += amount;
  }

  /** What was added within the period that ends now: what is exactly a period old is no longer in it. */
  sum(now: number): number {
    this.#expire(now);
    return this.#sum;
  }

  /** Milliseconds until so much of the sum has expired. */
  expiryMs(now: number, amount: number): number {
    this.#expire(now);
    let rest = amount;
    for (let index = this.#first; index < this.#times.length; index++) {
      rest -= this.#amounts[index] ?? 0;
      if (rest <= 0) return (this.#times[index] ?? now) + this.#periodMs - now;
    }
    return rest === amount ? 0 : (this.#times.at(-1) ?? now) + this.#periodMs - now;
  }

  /** Milliseconds until all of it has expired. */
  emptyMs(now: number): number {
    this.#expire(now);
    const last = this.#times.length > this.#first ? this.#times.at(-1) : undefined;
    return last === undefined ? 0 : last + this.#periodMs - now;
  }

  #expire(now: number): void {
    // The slack lets a caller in who waited as it was told: its time is a sum that may be rounded down.
    const before = now - this.#periodMs + slackMs;
    while (this.#first < this.#times.length && (this.#times[this.#first] ?? 0) <= before) {
      this.#sum -= this.#amounts[this.#first] ?? 0;
      this.#first++;
    }
    if (this.#first === this.#times.length) this.#sum = 0;
    if (this.#first > 1024 && this.#first * 2 > this.#times.length) this.#forget();
  }

  #forget(): void {
    this.#times.splice(0, this.#first);
    this.#amounts.splice(0, this.#first);
    this.#first = 0;
  }
}

const slackMs = 1e-6;
