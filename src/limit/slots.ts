import type { Dimension } from "./dimension.ts";

/** A fixed number of calls at once. */
export class Slots implements Dimension {
  readonly name = "maxConcurrent";
  readonly unit = "slot";
  readonly heldUntil: number = -Infinity;
  readonly largest: number;
  #used = 0;

  constructor(limit: number, used = 0) {
    this.largest = limit;
    this.#used = used;
  }

  waitMs(_now: number, amount: number): number {
    return this.#used + amount <= this.largest ? 0 : Infinity;
  }

  spares(): boolean {
    return false;
  }

  passes(_now: number, _at: number, head: number, amount: number): boolean {
    return this.#used + head + amount <= this.largest;
  }

  take(_now: number, amount: number): void {
    this.#used += amount;
  }

  /** However long it runs, a call takes one slot. */
  adjust(): void {}

  settle(_now: number, _takenAt: number, taken: number, used: number): void {
    this.#used -= taken - used;
  }

  used(): number {
    return this.#used;
  }
}
