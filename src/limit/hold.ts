const firstHoldMs = 1000;
const longestHoldMs = 20_000;

/**
 * What a 429 does: it is a fact about the pool, so the pool waits, and nobody backs off alone.
 *
 * The provider's own hint decides how long; without one the hold doubles from 1 s to 20 s until something succeeds.
 * When no rate is configured that would space the starts after the hold, they begin with one and double with each
 * success, so that the pool does not run into the next 429 all at once.
 */
export class Hold {
  #until = -Infinity;
  #beganAt = -Infinity;
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

  /** Holds the pool because an attempt granted at `grantedAt` was answered with 429. */
  begin(now: number, grantedAt: number, hintMs: number | undefined, ramp: boolean): void {
    const news = grantedAt >= this.#beganAt;
    if (news) this.#beganAt = now;
    if (news && ramp) this.#allowed = 1;
    if (news && hintMs === undefined) this.#unhinted += 1;
    // The other answers to one burst say nothing new, unless they name a time.
    if (news || hintMs !== undefined) this.#until = Math.max(this.#until, now + (hintMs ?? this.#unhintedMs));
  }

  get #unhintedMs(): number {
    return Math.min(longestHoldMs, firstHoldMs * 2 ** (this.#unhinted - 1));
  }

  /** Takes in that an attempt granted at `grantedAt` ended without a 429. */
  passed(grantedAt: number, succeeded: boolean): void {
    if (grantedAt < this.#beganAt) return;
    if (succeeded) this.#unhinted = 0;
    if (this.#allowed !== Infinity) this.#allowed += succeeded ? 2 : 1;
    if (this.#allowed > rampEnd) this.#allowed = Infinity;
  }
}

/** A ramp that has reached this many free starts has shown what it was to show. */
const rampEnd = 256;
