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

/** How one attempt ended. */
export interface Ending {
  readonly now: number;
  /** The number of the attempt's grant: it says under which limit the attempt was let in. */
  readonly grant: number;
  /** The number of the newest grant. */
  readonly newestGrant: number;
  readonly lesson: Lesson;
  /** What it brought: its output tokens. */
  readonly output: number;
  /** Whether a rate is known: then more calls at once are worth having until the rate is reached. */
  readonly paced: boolean;
}

/** Grow only when the limit was really used, or nothing was learned about it. */
const busyShare = 0.9;
const cutShare = 0.9;
/** Growth above the last cut; after some rounds the provider evidently takes more than it did, and the steps double. */
const smallStep = 0.02;
const largestStep = 0.25;
const cautiousRounds = 3;
/** Where a whole round has gone well since the last cut the limit is nearly known. */
const smallCutShare = 0.95;
/** Below this share of the level at the last cut, growth goes half of the way back; above it, in steps of 2 %. */
const nearLastCut = 0.95;
const doubling = 2;
/** A rate that is known keeps starts apart, so that the first steps may be larger. */
const boldBelow = 64;
/** From here on, without any rate to go by, growth must bring something. */
const gatedFrom = 32;
const fewestMeasured = 64;
const fewestInSmallSteps = 240;
/** Of the throughput that more calls at once could bring, at least this share must have come. */
const leastGain = 0.35;
const kneeMargin = 1.15;
const roundsAtKnee = 8;

/**
 * Calls at once when nobody said how many: slow start, then additive increase and multiplicative decrease.
 *
 * The limit doubles after each clean round (as many successes as the limit), is cut by a tenth at a 429, and returns
 * half way to where it was cut. The epoch guard decides what counts: an attempt granted before the last change says
 * nothing about the limit after it, so that fifty 429s of one burst are one cut.
 *
 * A server that never refuses is met at its knee: output tokens per second are compared from level to level, and where
 * more calls at once bring little more of them the level goes back. Latency decides nothing: with answers of any length
 * it says nothing.
 */
export class AdaptiveSlots implements Dimension {
  readonly name = "maxConcurrent";
  readonly unit = "slot";
  readonly heldUntil: number = -Infinity;
  readonly #min: number;
  readonly #max: number;
  #limit: number;
  #used = 0;
  #peak = 0;
  #round = 0;
  /** The newest grant when the limit last changed: older ones say nothing about it. */
  #epoch = 0;
  #lastCutAt: number | undefined;
  #measuredFrom: number | undefined;
  #output = 0;
  #before: { readonly limit: number; readonly perMs: number } | undefined;
  #roundsToStay = 0;
  /** The highest level of which a whole round went well, or is taken to. */
  #clean: number;
  /** How many rounds have gone well above the level of the last cut. */
  #above = 0;
  /** Whether a whole round has gone well since the last cut. */
  #confirmed = false;
  /** Whether the answers to the first burst that was too much still come in. */
  #first = false;
  /** Whether a level has been found above which more calls at once brought little. */
  #knee = false;
  #upwards = false;

  constructor({ start = 16, min = 1, max = 1024 }: AdaptiveSlotsOptions = {}, used = 0) {
    this.#limit = Math.min(max, Math.max(min, start));
    this.#clean = this.#limit / 2;
    this.#min = min;
    this.#max = max;
    this.#used = used;
  }

  get largest(): number {
    return Math.floor(this.#limit);
  }

  /** Whether a refusal or a knee has shown where the limit is. */
  get found(): boolean {
    return this.#lastCutAt !== undefined || this.#knee;
  }

  waitMs(_now: number, amount: number): number {
    return this.#used + amount <= this.largest ? 0 : Infinity;
  }

  spares(): boolean {
    return false;
  }

  passes(_now: number, _at: number, head: number, amount: number): boolean {
    return this.#used + head + amount <= this.largest;
  }

  take(_now: number, amount: number): void {
    this.#used += amount;
    this.#peak = Math.max(this.#peak, this.#used);
  }

  /** However long it runs, a call takes one slot. */
  adjust(): void {}

  settle(_now: number, _takenAt: number, taken: number, used: number): void {
    this.#used -= taken - used;
  }

  used(): number {
    return this.#used;
  }

  learn({ now, grant, newestGrant, lesson, output, paced }: Ending): void {
    if (this.#measuredFrom !== undefined) this.#output += output;
    if (lesson === "crowded" && grant <= this.#epoch) return this.#refine();
    if (grant <= this.#epoch || lesson === "throttled") return;
    if (lesson === "crowded") return this.#cut(newestGrant);
    if (lesson === "failed") return this.#restart();
    this.#measuredFrom ??= now;
    this.#round += 1;
    // A server that refuses tells itself how many it takes.
    const gated = !paced && this.#lastCutAt === undefined && this.#limit >= gatedFrom;
    const fewest = this.#knee ? fewestInSmallSteps : fewestMeasured;
    const round = gated ? Math.max(fewest, 2 * this.#limit) : Math.max(4, paced ? this.#limit / 2 : this.largest);
    if (this.#round >= round) {
      this.#endRound(now, newestGrant, gated, paced);
    }
  }

  #cut(newestGrant: number): void {
    this.#first = this.#lastCutAt === undefined;
    const level = this.#first ? Math.max(this.#clean, Math.min(this.#limit, this.#used + 1)) : this.#limit;
    this.#lastCutAt = level;
    if (this.#first) this.#clean = Math.max(this.#clean, level / 2);
    this.#before = undefined;
    this.#roundsToStay = 0;
    this.#change(level * (this.#confirmed ? smallCutShare : cutShare), newestGrant);
    this.#confirmed = false;
    this.#above = 0;
  }

  /** The rest of the first burst that was too much says how much of it was: no less than went well before. */
  #refine(): void {
    if (!this.#first || this.#lastCutAt === undefined) return;
    this.#lastCutAt = Math.max(this.#clean, Math.min(this.#lastCutAt, this.#used + 1));
    this.#limit = Math.max(this.#min, Math.min(this.#limit, cutShare * this.#lastCutAt));
  }

  /** Ends a round in which nothing was refused. */
  #endRound(now: number, newestGrant: number, gated: boolean, paced: boolean): void {
    const busy = this.#peak >= busyShare * this.largest;
    const perMs = this.#output / Math.max(1, now - (this.#measuredFrom ?? now));
    this.#restart();
    this.#confirmed = this.#lastCutAt !== undefined;
    if (!busy) return;
    if (!gated) this.#change(this.#grown(paced && this.#limit < boldBelow ? 2 * doubling : doubling), newestGrant);
    else if (this.#roundsToStay > 0) this.#stay(perMs);
    else this.#weigh(perMs, newestGrant);
  }

  /** Measures the level that was found, for as long as it takes to know it well. */
  #stay(perMs: number): void {
    const known = this.#before ?? { limit: this.#limit, perMs };
    this.#before = { limit: this.#limit, perMs: known.perMs + (perMs - known.perMs) / 3 };
    this.#roundsToStay -= 1;
  }

  /** Of two levels the higher one is worth it when it brings enough more than the lower one. */
  #weigh(perMs: number, newestGrant: number): void {
    const before = this.#before;
    this.#before = { limit: this.#limit, perMs };
    const growth = before === undefined ? 0 : this.#limit / before.limit - 1;
    if (before === undefined || Math.abs(growth) < 0.01) return this.#change(this.#tried(), newestGrant);
    const worth = (perMs / before.perMs - 1) / growth >= leastGain;
    if (worth && !this.#knee) return this.#change(this.#grown(), newestGrant);
    const lower = Math.min(before.limit, this.#limit);
    const chosen = worth ? Math.max(before.limit, this.#limit) : this.#knee ? lower : lower * kneeMargin;
    this.#knee = true;
    this.#roundsToStay = roundsAtKnee;
    if (chosen !== this.#limit) this.#before = chosen === before.limit ? before : undefined;
    this.#change(chosen, newestGrant);
  }

  /** Where the knee is known, a little more and a little less are tried in turn. */
  #tried(): number {
    if (!this.#knee) return this.#grown();
    this.#upwards = !this.#upwards;
    return this.#upwards ? this.#grown() : this.#limit / kneeMargin;
  }

  #grown(factor: number = doubling): number {
    this.#first = false;
    this.#clean = this.#limit;
    const goal = this.#lastCutAt;
    if (goal === undefined) return this.#limit * (this.#knee ? kneeMargin : factor);
    if (this.#limit < nearLastCut * goal) return (this.#limit + goal) / 2;
    this.#above = this.#limit > goal ? this.#above + 1 : 0;
    const step = Math.max(1, smallStep * this.#limit) * 2 ** Math.max(0, this.#above - cautiousRounds);
    return this.#limit + Math.min(step, largestStep * this.#limit);
  }

  #change(limit: number, newestGrant: number): void {
    this.#limit = Math.min(this.#max, Math.max(this.#min, limit));
    this.#epoch = newestGrant;
    this.#restart();
  }

  #restart(): void {
    this.#round = 0;
    this.#output = 0;
    this.#measuredFrom = undefined;
    this.#peak = this.#used;
  }
}
