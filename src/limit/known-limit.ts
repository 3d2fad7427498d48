/** How a limit came to be known. */
export type LimitSource = "configured" | "header" | "learned";

/** The provider's figure is taken for the configured one when it is higher by no more than this. */
const sameShare = 0.05;

/** What one limit is, by all who say something about it. */
export class KnownLimit {
  #configured: number | undefined;
  #told: number | undefined;
  #toldBy: "header" | "learned" = "header";
  #isStated = false;

  get configured(): number | undefined {
    return this.#configured;
  }

  /** What the provider says, in its headers or its errors. */
  get told(): number | undefined {
    return this.#told;
  }

  /** Whether the provider's headers are where that comes from, in this run or in an earlier one. */
  get isStated(): boolean {
    return this.#isStated;
  }

  /** The lower of what is configured and what is told. */
  get value(): number | undefined {
    if (this.#configured === undefined) return this.#told;
    return this.#told === undefined ? this.#configured : Math.min(this.#configured, this.#told);
  }

  get source(): LimitSource {
    return this.#configured !== undefined && this.#configured === this.value ? "configured" : this.#toldBy;
  }

  /** Whether the limit that holds is the one that the provider counts by: only then does its level say what is left. */
  get isTheProviders(): boolean {
    const { value } = this;
    return this.#told !== undefined && value !== undefined && this.#told <= value * (1 + sameShare);
  }

  /** Sets what the user says; false when that is nothing new. */
  configure(limit: number | undefined): boolean {
    if (limit === this.#configured) return false;
    this.#configured = limit;
    return true;
  }

  /** Takes in what the provider stated in an earlier run. */
  recall(limit: number): boolean {
    const news = this.tell(limit, "learned");
    this.#isStated = true;
    return news;
  }

  /** Takes in what the provider says; false when that is nothing new. */
  tell(limit: number, by: "header" | "learned"): boolean {
    this.#toldBy = by;
    this.#isStated = by === "header";
    if (limit === this.#told) return false;
    this.#told = limit;
    return true;
  }
}
