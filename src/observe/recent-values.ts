/** Percentiles; absent while nothing has been measured. */
export interface Percentiles {
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
}

/** The last so many values of a measurement, in fixed memory. */
export class RecentValues {
  readonly #values: Float64Array;
  #count = 0;

  constructor(size = 2048) {
    this.#values = new Float64Array(size);
  }

  add(value: number): void {
    this.#values[this.#count++ % this.#values.length] = value;
  }

  percentiles(): Percentiles {
    const sorted = this.#values.slice(0, Math.min(this.#count, this.#values.length)).sort();
    if (sorted.length === 0) return {};
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  }
}
