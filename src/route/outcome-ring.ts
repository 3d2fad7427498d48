const parts = 12;
const partMs = 5000;

/** How attempts ended in the last minute, in twelve parts of five seconds. */
export class OutcomeRing {
  readonly #failed = new Float64Array(parts);
  readonly #all = new Float64Array(parts);
  #part = -Infinity;

  add(now: number, failed: boolean): void {
    this.#expire(now);
    const slot = slotOf(this.#part);
    this.#all[slot] = (this.#all[slot] ?? 0) + 1;
    if (failed) this.#failed[slot] = (this.#failed[slot] ?? 0) + 1;
  }

  /** How many attempts ended, and how many of them failed. */
  count(now: number): { readonly all: number; readonly failed: number } {
    this.#expire(now);
    return { all: sum(this.#all), failed: sum(this.#failed) };
  }

  clear(): void {
    this.#all.fill(0);
    this.#failed.fill(0);
  }

  /** After a pause more than one part has run out: clearing only the next would let old failures come back. */
  #expire(now: number): void {
    const part = Math.floor(now / partMs);
    if (part <= this.#part) return;
    for (let old = Math.max(this.#part + 1, part - parts + 1); old <= part; old++) {
      this.#all[slotOf(old)] = 0;
      this.#failed[slotOf(old)] = 0;
    }
    this.#part = part;
  }
}

const slotOf = (part: number): number => ((part % parts) + parts) % parts;

const sum = (counts: Float64Array): number => counts.reduce((total, count) => total + count, 0);
