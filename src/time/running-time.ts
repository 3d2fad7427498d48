/**
 * Monotonic time that leaves out the gaps in which the program did not run: a suspended laptop, a stopped process.
 *
 * Counted in, such a gap would end every call in flight at once, though nobody has waited for them.
 */
export class RunningTime {
  readonly #longestGapMs: number;
  #leftOutMs = 0;
  #readAt = 0;
  #watched = false;
  #gaps = 0;

  /** @param longestGapMs between two readings, while somebody reads at least every second; what is longer was no running time. */
  constructor(longestGapMs = 10_000) {
    this.#longestGapMs = longestGapMs;
  }

  /** How many gaps were left out so far. */
  get gaps(): number {
    return this.#gaps;
  }

  /** From now on somebody reads at least every second, or no longer does. */
  watch(watched: boolean, machineMs: number): void {
    this.at(machineMs);
    this.#watched = watched;
  }

  /** The running time at a reading of the machine's own clock. It stands still over a gap, and never goes back. */
  at(machineMs: number): number {
    const passedMs = machineMs - this.#readAt;
    if (passedMs < 0 || (this.#watched && passedMs > this.#longestGapMs)) {
      this.#leftOutMs += passedMs;
      this.#gaps += 1;
    }
    this.#readAt = machineMs;
    return machineMs - this.#leftOutMs;
  }
}
