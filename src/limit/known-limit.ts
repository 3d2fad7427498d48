/** How a limit came to be known. */
export type LimitSource = "configured" | "header" | "learned";

/** The provider's figure is taken for the configured one when it is higher by no more than this. */
const sameShare = 0.05;
/** Models may have limits of their own, and answers come in any order: a lower figure holds for so long. */
const lowestMs = 60_000;
/** What an error says is not said again for as long as it is obeyed. */
const claimMs = 600_000;

/** What one limit is, by all who say something about it. */
export class KnownLimit {
  #configured: number | undefined;
  #stated: number | undefined;
  /** Whether it was stated in this run. */
  #isFresh = false;
  #lowestAt = -Infinity;
  #claimed: number | undefined;
  #claimedAt = -Infinity;

  get configured(): number | undefined {
    return this.#configured;
  }

  /** What the provider's headers state, in this run or in an earlier one. */
  get stated(): number | undefined {
    return this.#stated;
  }

  /** What the provider says, in its headers or its errors. */
  get told(): number | undefined {
    if (this.#claimed === undefined) return this.#stated;
    return this.#stated === undefined ? this.#claimed : Math.min(this.#stated, this.#claimed);
  }

  /** The lower of what is configured and what is told. */
  get value(): number | undefined {
    const { told } = this;
    if (this.#configured === undefined) return told;
    return told === undefined ? this.#configured : Math.min(this.#configured, told);
  }

  get source(): LimitSource {
    const { value } = this;
    if (this.#configured !== undefined && this.#configured === value) return "configured";
    return this.#isFresh && this.#stated === value ? "header" : "learned";
  }

  /** Whether the limit that holds is the one that the provider's headers count by: only then do they say what is left. */
  get isTheProviders(): boolean {
    const { value } = this;
    return this.#stated !== undefined && value !== undefined && this.#stated <= value * (1 + sameShare);
  }

  /** Sets what the user says. */
  configure(limit: number | undefined): void {
    this.#configured = limit;
  }

  /** Takes in what the provider stated in an earlier run. */
  recall(limit: number): void {
    this.#stated = limit;
  }

  /** Takes in what a header states: a lower figure at once, a higher one when no lower one has come for a while. */
  state(now: number, limit: number): void {
    if (now - this.#claimedAt > claimMs) this.#claimed = undefined;
    if (this.#isFresh && this.#stated !== undefined && limit > this.#stated && now - this.#lowestAt < lowestMs) return;
    this.#stated = limit;
    this.#isFresh = true;
    this.#lowestAt = now;
  }

  /** Takes in what an error says of the quota that refused. */
  claim(now: number, limit: number): void {
    this.#claimed = limit;
    this.#claimedAt = now;
  }
}
