/** Some twenty calls decide. */
const newest = 0.05;
/** A reservation that is a little too large costs less than a 429. */
const bias = 1.02;
/** A refusal is rare, and says exactly what was counted. */
const newestCount = 0.25;
const widestMarkup = 4;

/** How many input tokens a model counts for each one that was estimated. */
export class InputRatio {
  #estimated = 0;
  #used = 0;
  #seen = 0;
  /** What the provider counts when it lets a call in, for each token that it reports afterwards. */
  #markup = 1;
  #counts = 0;

  /** What to multiply an estimate with; 1 before anything is known. */
  get factor(): number {
    return this.#seen === 0 ? 1 : this.#ratio * this.#markup * bias;
  }

  /** Takes in what a call of so many estimated tokens has really used. */
  learn(estimated: number, used: number): void {
    if (!(estimated > 0 && used > 0)) return;
    this.#seen += 1;
    // Both sides are averaged, not their quotients: what must come out right is the sum, and short prompts have odd quotients.
    const weight = Math.max(newest, 1 / this.#seen);
    this.#estimated += weight * (estimated - this.#estimated);
    this.#used += weight * (used - this.#used);
  }

  /** Takes in what the provider has counted for a call when it refused it. */
  learnCounted(estimated: number, counted: number): void {
    if (this.#seen === 0) return this.learn(estimated, counted);
    if (!(estimated > 0 && counted > 0)) return;
    this.#counts += 1;
    const markup = Math.min(widestMarkup, Math.max(1 / widestMarkup, counted / (estimated * this.#ratio)));
    this.#markup += Math.max(newestCount, 1 / this.#counts) * (markup - this.#markup);
  }

  get #ratio(): number {
    return this.#used / this.#estimated;
  }
}
