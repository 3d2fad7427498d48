const firstHoldMs = 1000;
/** A rate that is to blame has slowed down by itself, so the pool need not wait as long. */
const firstPacedHoldMs = 250;
const longestHoldMs = 20_000;
/** So many hints in a row are taken at their word; "0 seconds" again and again is not. */
const patience = 2;

/** A 429 that holds the pool. */
export interface HoldReason {
  readonly now: number;
  /** The number of the attempt's grant. */
  readonly grant: number;
  /** The number of the newest grant. */
  readonly newestGrant: number;
  readonly hintMs: number | undefined;
  /** Whether a rate spaces the starts after the hold. */
  readonly paced: boolean;
  /** False when a single rate waits. */
  readonly holdsPool: boolean;
}

/**
 * What a 429 does: it is a fact about the pool, so the pool waits, and nobody backs off alone.
 *
 * The provider's own hint decides how long; without one the hold doubles from 1 s to 20 s until something succeeds.
 * When no rate is known that would space the starts after the hold, they begin with one and double with each
 * success, so that the pool does not run into the next 429 all at once.
 */
export class Hold {
  #until = -Infinity;
  /** The newest grant when the hold began: the answers to older ones say nothing new. */
  #epoch = 0;
  /** 429s since the last success, those of one burst counted once. */
  #inARow = 0;
  #allowed = Infinity;
  #parkedUntil = -Infinity;

  /** Clock time at which the pool may start again. */
  get until(): number {
    return this.#until;
  }

  /** Whether it is a used-up quota that is waited for. */
  isParked(now: number): boolean {
    return this.#parkedUntil > now;
  }

  /** Whether the ramp after a hold lets another attempt start. */
  get allows(): boolean {
    return this.#allowed > 0;
  }

  /** Counts a start against the ramp. */
  started(): void {
    this.#allowed -= 1;
  }

  /**
   * Takes in a 429 and says how long it is waited out: as long as it says, and longer each time when that does not help;
   * undefined when it is one of a burst that has been answered already, and names no time.
   */
  begin({ now, grant, newestGrant, hintMs, paced, holdsPool }: HoldReason): number | undefined {
    const news = grant > this.#epoch;
    if (news) {
      this.#epoch = newestGrant;
      this.#inARow += 1;
      this.#allowed = paced ? Infinity : 1;
    }
    const waitMs = this.#waitMs(news, hintMs, paced);
    if (holdsPool && waitMs !== undefined) this.#until = Math.max(this.#until, now + waitMs);
    return waitMs;
  }

  /** Stops the pool until a quota that is used up comes back; then one attempt tries first. */
  park(until: number, newestGrant: number): void {
    this.#until = Math.max(this.#until, until);
    this.#parkedUntil = this.#until;
    this.#epoch = newestGrant;
    this.#allowed = 1;
  }

  #waitMs(news: boolean, hintMs: number | undefined, paced: boolean): number | undefined {
    if (hintMs === undefined) return news ? this.#backoffMs(paced, this.#inARow) : undefined;
    const helps = hintMs >= firstHoldMs || this.#inARow <= patience;
    return helps ? hintMs : Math.max(hintMs, this.#backoffMs(paced, this.#inARow - patience));
  }

  #backoffMs(paced: boolean, time: number): number {
    return Math.min(longestHoldMs, (paced ? firstPacedHoldMs : firstHoldMs) * 2 ** (time - 1));
  }

  /** Takes in that an attempt ended without a 429. */
  passed(grant: number, succeeded: boolean): void {
    if (grant <= this.#epoch) return;
    if (succeeded) this.#inARow = 0;
    if (this.#allowed !== Infinity) this.#allowed += succeeded ? 2 : 1;
    if (this.#allowed > rampEnd) this.#allowed = Infinity;
  }
}

/** A ramp that has reached this many free starts has shown what it was to show. */
const rampEnd = 256;
