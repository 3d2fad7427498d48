/** Some twenty starts decide. */
const newest = 0.05;

/** How fast a queue is worked off: the mean time between two starts while somebody waited. */
export class DrainPace {
  #gapMs: number | undefined;
  #startedAt = -Infinity;
  #waitingSince = Infinity;

  /** Something waits now, where nothing did before. */
  waits(now: number): void {
    this.#waitingSince = now;
  }

  /** Something has started. */
  started(now: number, waiting: boolean): void {
    if (this.#waitingSince !== Infinity) {
      const gapMs = Math.max(0, now - Math.max(this.#startedAt, this.#waitingSince));
      this.#gapMs = this.#gapMs === undefined ? gapMs : this.#gapMs + newest * (gapMs - this.#gapMs);
    }
    this.#startedAt = now;
    if (!waiting) this.#waitingSince = Infinity;
  }

  /** The mean time between two starts; before anything had to wait, a guess that only tells long queues from short ones. */
  get gapMs(): number {
    return this.#gapMs ?? 1;
  }
}
