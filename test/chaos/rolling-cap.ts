/** What one start counts, as far as that is known. */
export interface CountedStart {
  readonly at: number;
  amount: number;
}

/** Watches a hard cap in any rolling period, exactly, remembering one period only. */
export class RollingCap {
  limit: number;
  readonly #periodMs: number;
  readonly #pending = new Map<CountedStart, { readonly amount: number; readonly at: number }>();
  #starts: CountedStart[] = [];
  #first = 0;
  #sum = 0;

  constructor(limit: number, periodMs: number = 60_000) {
    this.limit = limit;
    this.#periodMs = periodMs;
  }

  /** Counts a start and tells what its period then counts. */
  start(now: number, amount: number): { readonly start: CountedStart; readonly sum: number } {
    this.#raise(now);
    this.#forget(now - this.#periodMs);
    const start = { at: now, amount };
    this.#starts.push(start);
    this.#sum += amount;
    return { start, sum: this.#sum };
  }

  /**
   * Takes in what a start has really used. That it was more counts only from a later time on: who is told at the same
   * time may hear of it after this one.
   */
  correct(now: number, start: CountedStart, amount: number): void {
    if (amount > start.amount) this.#pending.set(start, { amount, at: now });
    else {
      this.#pending.delete(start);
      this.#set(start, amount);
    }
  }

  #raise(now: number): void {
    for (const [start, { amount, at }] of this.#pending) {
      if (at >= now) continue;
      this.#pending.delete(start);
      this.#set(start, amount);
    }
  }

  #set(start: CountedStart, amount: number): void {
    const first = this.#starts[this.#first];
    if (first !== undefined && start.at >= first.at) this.#sum += amount - start.amount;
    start.amount = amount;
  }

  #forget(until: number): void {
    for (let start = this.#starts[this.#first]; start !== undefined && start.at <= until;) {
      this.#sum -= start.amount;
      start = this.#starts[++this.#first];
    }
    if (this.#first > 4096) {
      this.#starts = this.#starts.slice(this.#first);
      this.#first = 0;
    }
  }
}
