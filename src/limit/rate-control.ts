/** Share of a known rate that is used: the half percent keeps the jitter of the way to the provider from adding up to a 429. */
export const usedShare = 0.995;

/** Cuts of a known rate: the first is a pinprick, for a stray 429 proves little; each further one within a minute is twice as large. */
const smallestCut = 0.01;
const largestCut = 0.16;
const escalationMs = 60_000;
/** 429s of one moment are one piece of news. */
const cutEveryMs = 5000;
/** A rate that nobody told is found from both sides: it is cut by this much, and starts below what was accepted. */
const learnedCut = 0.07;
const firstShare = 0.8;
/** Below this share of the rate at the last cut, growth goes half of the way back; above it, by small steps. */
const nearCeiling = 0.95;
const growEveryMs = 5000;
const quietMs = 3000;
const step = 0.01;
const boldStep = 1.25;
const nearShare = 0.9;
const farShare = 0.7;
/** The steps of a known rate, which was cut for a reason. */
const knownQuietMs = 20_000;
const knownStepEveryMs = 10_000;

/** A 429, as the controller sees it. */
export interface Rejection {
  readonly now: number;
  /** The number of the attempt's grant: it says under which rate the attempt was let in. */
  readonly grant: number;
  /** The number of the newest grant. */
  readonly newestGrant: number;
  /** What the provider has taken per millisecond of late. */
  readonly acceptedPerMs: number;
}

/**
 * The rate at which to send when only 429s tell how much is too much.
 *
 * Multiplicative decrease with memory of where it was cut, half-way return, then additive increase: the recovery of
 * CUBIC (RFC 9438, section 4.1) in its simplest form. The epoch guard ignores the 429s of attempts that were let in
 * before the last cut: fifty of one burst are one cut.
 */
export class RateControl {
  /** What is told to be allowed; Infinity when nobody said. */
  #nominal = Infinity;
  #perMs = Infinity;
  #ceiling = Infinity;
  #epoch = -1;
  #cutAt = -Infinity;
  #cut = smallestCut;
  #grownAt = 0;
  /** The highest rate that was ever cut. */
  #highest = Infinity;
  #rejectedAt = -Infinity;

  get perMs(): number {
    return this.#perMs;
  }

  /** The rate as far as it is known: what an earlier run had found counts until a cut says otherwise. */
  get found(): number {
    return this.#cutAt === -Infinity && this.#ceiling !== Infinity ? Math.max(this.#perMs, this.#ceiling) : this.#perMs;
  }

  /** When the rate was last cut. */
  get cutAt(): number {
    return this.#cutAt;
  }

  /** Whether the rate was found out here, against or without what is told. */
  get learned(): boolean {
    return this.#perMs < firstShare * this.#nominal;
  }

  /** Somebody says what is allowed; false when that is nothing new. */
  tell(nominal: number): boolean {
    if (nominal === this.#nominal) return false;
    this.#nominal = nominal;
    this.#perMs = usedShare * nominal;
    this.#ceiling = Infinity;
    this.#cut = smallestCut;
    return true;
  }

  /** Goes on from what an earlier run has learned. */
  resume(perMs: number): void {
    if (this.#nominal !== Infinity) return;
    this.#perMs = Math.max(slowestPerMs, firstShare * perMs);
    this.#ceiling = perMs;
  }

  /** A 429 came, whatever it is to change. */
  rejected(now: number): void {
    this.#rejectedAt = now;
  }

  /** Takes in a 429; true when it changed the rate. */
  reject({ now, grant, newestGrant, acceptedPerMs }: Rejection): boolean {
    if (grant <= this.#epoch || now - this.#cutAt < cutEveryMs) return false;
    const known = this.#nominal !== Infinity;
    const escalates = now - this.#cutAt < escalationMs;
    this.#cut = escalates ? Math.min(largestCut, this.#cut * 2) : smallestCut;
    const before = this.#perMs;
    if (before === Infinity) this.#lower(firstShare * acceptedPerMs, acceptedPerMs);
    else if (known && !(escalates && acceptedPerMs < firstShare * before))
      this.#lower(before * (1 - this.#cut), before);
    else this.#lower(Math.min(before * (1 - learnedCut), Math.max(acceptedPerMs, before / 4)), before);
    this.#epoch = newestGrant;
    this.#cutAt = now;
    this.#grownAt = now;
    return true;
  }

  /** Lets time heal. */
  advance(now: number): void {
    if (this.#perMs === Infinity || this.#perMs >= usedShare * this.#nominal) return;
    if (now - this.#rejectedAt < quietMs || now - this.#grownAt < growEveryMs) return;
    if (this.#perMs < nearCeiling * this.#ceiling) return this.#raise(now, (this.#perMs + this.#ceiling) / 2);
    // Long after the last 429 the rate is far from where it could be.
    const possible = Math.min(nearShare * this.#nominal, farShare * this.#highest);
    if (now - this.#rejectedAt > escalationMs && this.#perMs < possible) {
      return this.#raise(now, this.#perMs * boldStep);
    }
    if (this.#nominal === Infinity) return this.#raise(now, this.#perMs * (1 + step));
    if (now - this.#rejectedAt < knownQuietMs || now - this.#grownAt < knownStepEveryMs) return;
    this.#raise(now, this.#perMs + step * this.#nominal);
  }

  #lower(perMs: number, ceiling: number): void {
    this.#highest = this.#highest === Infinity ? ceiling : Math.max(this.#highest, ceiling);
    this.#perMs = Math.max(perMs, slowestPerMs);
    this.#ceiling = ceiling;
  }

  #raise(now: number, perMs: number): void {
    this.#perMs = Math.min(perMs, usedShare * this.#nominal);
    this.#grownAt = now;
  }
}

/** One in a minute: slower than that nothing would ever be learned. */
const slowestPerMs = 1 / 60_000;
