/** Each step is so much wider than the one before: quantiles are right to five percent. */
const growth = 1.05;
const smallest = 1e-3;
/** Enough steps for 1e-3 to 1e8. */
const steps = Math.ceil(Math.log(1e11) / Math.log(growth));

/** Quantiles of any number of positive values in fixed memory; what was added long ago weighs less and less. */
export class LogHistogram {
  readonly #counts = new Float64Array(steps);
  readonly #memory: number;
  #total = 0;

  /** @param memory once it holds so many values, each counts half from then on. */
  constructor(memory = 4096) {
    this.#memory = memory;
  }

  /** How many values it holds, old ones counted in part. */
  get total(): number {
    return this.#total;
  }

  add(value: number): void {
    const step = Math.floor(Math.log(value / smallest) / Math.log(growth));
    const index = Math.max(0, Math.min(steps - 1, step));
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#total += 1;
    if (this.#total >= this.#memory) this.#halve();
  }

  /** A value that at least this share of all values does not exceed; undefined while there are none. */
  quantile(share: number): number | undefined {
    if (this.#total === 0) return undefined;
    let left = share * this.#total;
    for (let index = 0; index < steps; index++) {
      const count = this.#counts[index] ?? 0;
      left -= count;
      if (left <= 1e-9 && count > 0) return smallest * growth ** (index + 1);
    }
    return smallest * growth ** steps;
  }

  #halve(): void {
    this.#total = 0;
    for (const [index, count] of this.#counts.entries()) {
      this.#counts[index] = count / 2;
      this.#total += count / 2;
    }
  }
}
