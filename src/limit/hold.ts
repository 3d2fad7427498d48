const firstHoldMs = 1000;
/** A rate that is to blame has slowed down by itself, so the pool need not wait as long. */
const firstPacedHoldMs = 250;
const longestHoldMs = 20_000;

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
  #unhinted = 0;
  #allowed = Infinity;

  /** Clock time at which the pool may start again. */
  get until(): number {
    return this.#until;
  }

  /** Whether the ramp after a hold lets another attempt start. */
  get allows(): boolean {
    return this.#allowed > 0;
  }

  /** Counts a start against the ramp. */
  started(): void {
    this.#allowed -= 1;
  }

  /** Holds the pool because an attempt was answered with 429. */
  begin({ now, grant, newestGrant, hintMs, paced }: HoldReason): void {
    const news = grant > this.#epoch;
    if (news) this.#epoch = newestGrant;
    if (news && !paced) this.#allowed = 1;
    if (news && hintMs === undefined) this.#unhinted += 1;
    // The other answers to one burst say nothing new, unless they name a time.
    if (news || hintMs !== undefined) this.#until = Math.max(this.#until, now + (hintMs ?? this.#unhintedMs(paced)));
  }

  /** Stops the pool until a quota that is used up comes back; then one attempt tries first. */
  park(until: number, newestGrant: number): void {
    this.#until = Math.max(this.#until, until);
    this.#epoch = newestGrant;
    this.#allowed = 1;
  }

  #unhintedMs(paced: boolean): number {
    return Math.min(longestHoldMs, (paced ? firstPacedHoldMs : firstHoldMs) * 2 ** (this.#unhinted - 1));
  }

  /** Takes in that an attempt ended without a 429. */
  passed(grant: number, succeeded: boolean): void {
    if (grant <= this.#epoch) return;
    if (succeeded) this.#unhinted = 0;
    if (this.#allowed !== Infinity) this.#allowed += succeeded ? 2 : 1;
    if (this.#allowed > rampEnd) this.#allowed = Infinity;
  }
}

/** A ramp that has reached this many free starts has shown what it was to show. */
const rampEnd = 256;
