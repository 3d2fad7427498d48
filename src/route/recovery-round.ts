/** Shares of the former crowd that are let in after the single try and the three successes. */
const ramp: readonly number[] = [0.25, 0.5, 1];

/** One step of a recovery: so many attempts at once, until so many have succeeded or half as many have failed. */
export class RecoveryRound {
  readonly index: number;
  readonly size: number;
  /** The clock time at which it is over, whatever has come of it. */
  readonly endsAt: number;
  #taken = 0;
  #started = 0;
  #succeeded = 0;
  #failed = 0;

  constructor(index: number, size: number, endsAt: number) {
    this.index = index;
    this.size = size;
    this.endsAt = endsAt;
  }

  /** How many attempts round `index` takes; undefined after the last. `peak` is how many there were at once before. */
  static sizeOf(index: number, peak: number): number | undefined {
    if (index < 2) return index === 0 ? 1 : 3;
    const share = ramp[index - 2];
    return share === undefined ? undefined : Math.max(3, Math.ceil(share * peak));
  }

  get hasPlace(): boolean {
    return this.#taken + this.#succeeded < this.size;
  }

  /** Takes a place; false when there is none. */
  take(): boolean {
    if (!this.hasPlace) return false;
    this.#taken += 1;
    return true;
  }

  /** An attempt starts; one that was let in before this round takes its place only now. */
  start(late: boolean): void {
    if (late) this.#taken += 1;
    this.#started += 1;
  }

  leave(started: boolean): void {
    this.#taken -= 1;
    if (started) this.#started -= 1;
  }

  /** True when the round has passed. */
  succeed(): boolean {
    this.#succeeded += 1;
    return this.#succeeded >= this.size;
  }

  /** True when the round has failed. */
  fail(): boolean {
    this.#failed += 1;
    return 2 * this.#failed >= this.size;
  }

  /** What it has shown when its time runs out; `unknown` when those it let in never got to start. */
  get verdict(): "passed" | "failed" | "unknown" {
    if (this.#succeeded > 0 || (this.#failed === 0 && this.#taken === 0)) return "passed";
    return this.#failed > 0 || this.#started > 0 ? "failed" : "unknown";
  }
}
