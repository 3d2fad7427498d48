import type { Dimension, Lesson } from "./dimension.ts";

/** Where the search begins, and its bounds. */
export interface AdaptiveSlotsOptions {
  /** @default 16 */
  readonly start?: number;
  /** @default 1 */
  readonly min?: number;
  /** @default 1024 */
  readonly max?: number;
}

/** Grow only when the limit was really used, or nothing was learned about it. */
const busyShare = 0.9;
const cutShare = 0.9;
/** Below this share of the level at the last cut, growth goes half of the way back; above it, in steps of 2 %. */
const nearLastCut = 0.95;

/**
 * Calls at once when nobody said how many: slow start, then additive increase and multiplicative decrease.
 *
 * The limit doubles after each clean round (as many successes as the limit), is cut by a tenth at a 429, and returns
 * half way to where it was cut. The epoch guard decides what counts: an attempt granted before the last change says
 * nothing about the limit after it, so that fifty 429s of one burst are one cut.
 */
export class AdaptiveSlots implements Dimension {
  readonly name = "maxConcurrent";
  readonly unit = "slot";
  readonly #min: number;
  readonly #max: number;
  #limit: number;
  #used = 0;
  #peak = 0;
  #round = 0;
  #changedAt = -Infinity;
  #lastCutAt: number | undefined;
  #now = 0;

  constructor({ start = 16, min = 1, max = 1024 }: AdaptiveSlotsOptions = {}, used = 0) {
    this.#limit = Math.min(max, Math.max(min, start));
    this.#min = min;
    this.#max = max;
    this.#used = used;
  }

  get largest(): number {
    return Math.floor(this.#limit);
  }

  waitMs(_now: number, amount: number): number {
    return this.#used + amount <= this.largest ? 0 : Infinity;
  }

  take(now: number, amount: number): void {
    this.#used += amount;
    this.#peak = Math.max(this.#peak, this.#used);
    this.#now = now;
  }

  settle(now: number, _takenAt: number, taken: number, used: number): void {
    this.#used -= taken - used;
    this.#now = now;
  }

  used(): number {
    return this.#used;
  }

  learn(takenAt: number, lesson: Lesson): void {
    if (takenAt < this.#changedAt) return;
    if (lesson === "throttled") return;
    if (lesson === "crowded") this.#cut();
    else if (lesson === "failed") this.#round = 0;
    else if (++this.#round >= Math.max(4, this.largest)) this.#endRound();
  }

  #cut(): void {
    const level = this.#lastCutAt === undefined ? Math.min(this.#limit, this.#used + 1) : this.#limit;
    this.#lastCutAt = level;
    this.#change(level * cutShare);
  }

  #endRound(): void {
    const busy = this.#peak >= busyShare * this.largest;
    if (!busy) this.#restart();
    else this.#change(this.#grown());
  }

  #grown(): number {
    const goal = this.#lastCutAt;
    if (goal === undefined) return this.#limit * 2;
    if (this.#limit < nearLastCut * goal) return (this.#limit + goal) / 2;
    return this.#limit + Math.max(1, 0.02 * this.#limit);
  }

  #change(limit: number): void {
    this.#limit = Math.min(this.#max, Math.max(this.#min, limit));
    this.#changedAt = this.#now;
    this.#restart();
  }

  #restart(): void {
    this.#round = 0;
    this.#peak = this.#used;
  }
}
