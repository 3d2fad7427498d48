/** What an answer is taken to need before any has been seen. */
const usualTokens = 256;
/** The mean is that of some hundred answers. */
const newest = 0.02;
/** Of the distribution, an answer counts half after some 1,400 more: enough that its highest half percent is ten of them. */
const fading = 1 / 2000;

/** Every quantile is told to within this share of itself. */
const precision = 0.025;
const growth = (1 + precision) / (1 - precision);
const logGrowth = Math.log(growth);
/** Up to a million tokens; what is longer counts as that. */
const buckets = Math.ceil(Math.log(2 ** 20) / logGrowth) + 1;

/**
 * How long a model's answers are: their mean, and any quantile in 2 KB of memory.
 *
 * Quantiles: buckets whose edges grow by a constant factor, DDSketch (Masson, Rim and Lee 2019). Old answers fade: each
 * new one weighs a little more than the one before, forward decay (Cormode et al. 2009).
 */
export class OutputLengths {
  readonly #weights = new Float64Array(buckets);
  #total = 0;
  #weight = 1;
  #mean = usualTokens;
  #seen = 0;

  /** How many answers the quantiles know. */
  get seen(): number {
    return this.#seen;
  }

  /** What the next answer is expected to take. */
  get mean(): number {
    return this.#mean;
  }

  /**
   * Takes in an answer.
   *
   * @param cut whether a bound ended it: it would have been longer.
   */
  learn(tokens: number, cut: boolean): void {
    // The first guess counts as one answer.
    this.#mean += Math.max(newest, 1 / (this.#seen + 2)) * (tokens - this.#mean);
    // A cut answer says how long answers are only where it is already longer than nearly all others.
    if (cut && tokens <= this.quantile(0.995)) return;
    this.#seen += 1;
    this.#weights[bucketOf(tokens)] = (this.#weights[bucketOf(tokens)] ?? 0) + this.#weight;
    this.#total += this.#weight;
    this.#weight *= 1 + fading;
    if (this.#weight > 1e9) this.#rescale();
  }

  /** The length that this share of the answers does not exceed; 0 before the first. */
  quantile(share: number): number {
    const aboveAtMost = (1 - share) * this.#total;
    let above = 0;
    for (let bucket = buckets - 1; bucket >= 0; bucket--) {
      above += this.#weights[bucket] ?? 0;
      if (above > aboveAtMost) return (2 * growth ** bucket) / (growth + 1);
    }
    return 0;
  }

  #rescale(): void {
    for (let bucket = 0; bucket < buckets; bucket++)
      this.#weights[bucket] = (this.#weights[bucket] ?? 0) / this.#weight;
    this.#total /= this.#weight;
    this.#weight = 1;
  }
}

const bucketOf = (tokens: number): number =>
  tokens <= 1 ? 0 : Math.min(buckets - 1, Math.ceil(Math.log(tokens) / logGrowth));
