const secondMs = 1000;

/** One number for each second. */
export class SecondSeries {
  #values: Float64Array = new Float64Array(64);
  #length = 0;

  /** Adds to the second that the time falls into. */
  add(ms: number, amount: number): void {
    const index = Math.floor(ms / secondMs);
    if (index >= this.#length) this.#grow(index + 1);
    this.#values[index] = (this.#values[index] ?? 0) + amount;
  }

  /** The sum of the whole seconds from one time until another. */
  sum(fromMs: number, toMs: number): number {
    let sum = 0;
    const end = Math.min(this.#length, Math.round(toMs / secondMs));
    for (let index = Math.max(0, Math.round(fromMs / secondMs)); index < end; index++) sum += this.#values[index] ?? 0;
    return sum;
  }

  /** The numbers up to the last second that has one. */
  values(): Float64Array {
    return this.#values.slice(0, this.#length);
  }

  #grow(length: number): void {
    this.#length = length;
    if (length <= this.#values.length) return;
    const longer = new Float64Array(Math.max(length, this.#values.length * 2));
    longer.set(this.#values);
    this.#values = longer;
  }
}
