import type { Clock, Timer } from "../time/clock.ts";
import { Registry } from "../time/registry.ts";
import { LogHistogram } from "./log-histogram.ts";

/** Fewer finished calls say too little about how long one takes. */
const minSamples = 20;

/** A percentile costs a walk over all counts, and moves slowly. */
const measureEvery = 16;

/** What beginning an answer costs in time, in tokens: so that long and short calls can be compared. */
const overheadTokens = 50;

/** An attempt in flight that may be made a second time. */
export interface Suspect {
  readonly startedAt: number;
  /** How many tokens it is expected to produce. */
  readonly tokens: number;
  readonly isLast: boolean;
  hedge(): void;
}

/** What a watch needs. */
export interface StragglerWatchParts {
  readonly clock: Clock;
  readonly maxShare: number;
  readonly maxCalls: number;
}

/** Finds the attempts that take longer than 95 % of those that finished, for their length, with one timer for all. */
export class StragglerWatch {
  readonly #parts: StragglerWatchParts;
  readonly #suspects = new Registry<Suspect>();
  /** Milliseconds per expected token. */
  readonly #paces = new LogHistogram();
  #calls = 0;
  #hedged = 0;
  /** Since the last call behind which others waited. */
  #hedgedAtEnd = 0;
  /** The 95th percentile: beyond it a second attempt costs little and saves much (Dean and Barroso, "The Tail at Scale", 2013). */
  #pace = Infinity;
  #paceIsFor = 0;
  #timer: Timer | undefined;
  #armedFor = Infinity;

  constructor(parts: StragglerWatchParts) {
    this.#parts = parts;
  }

  /** A call begins. */
  counted(isLast: boolean): void {
    this.#calls += 1;
    if (!isLast) this.#hedgedAtEnd = 0;
  }

  /** An attempt starts; the slot takes it out again. */
  enter(suspect: Suspect): number {
    const slot = this.#suspects.add(suspect);
    this.#armFor(this.#dueAt(suspect));
    return slot;
  }

  leave(slot: number): void {
    this.#suspects.remove(slot);
    if (this.#suspects.size === 0) this.#disarm();
  }

  /** An attempt has succeeded. */
  finished(elapsedMs: number, tokens: number): void {
    this.#paces.add(elapsedMs / (tokens + overheadTokens));
    this.#paceIsFor += 1;
    if (this.#paceIsFor < (this.#pace === Infinity ? minSamples : measureEvery)) return;
    const first = this.#pace === Infinity;
    this.#paceIsFor = 0;
    this.#pace = this.#paces.quantile(0.95) ?? Infinity;
    if (first) this.#armFor(this.#parts.clock.now());
  }

  /** The more were made twice already, the longer the next must hang: one that is merely slow must not take the last place of one that is stuck. */
  #dueAt({ startedAt, tokens }: Suspect): number {
    const scarcity = 1 + this.#hedgedAtEnd / this.#parts.maxCalls;
    return startedAt + scarcity * this.#pace * (tokens + overheadTokens);
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    this.#armedFor = Infinity;
    const now = this.#parts.clock.now();
    let nextAt = Infinity;
    for (const suspect of this.#suspects) {
      const dueAt = this.#dueAt(suspect);
      if (dueAt > now) nextAt = Math.min(nextAt, dueAt);
      else if (!suspect.isLast) nextAt = Math.min(nextAt, now + lookAgainMs(now - suspect.startedAt));
      else if (this.#spend()) suspect.hedge();
    }
    this.#armFor(nextAt);
  };

  #spend(): boolean {
    const { maxShare, maxCalls } = this.#parts;
    if (this.#hedgedAtEnd >= maxCalls || this.#hedged + 1 > maxShare * this.#calls) return false;
    this.#hedged += 1;
    this.#hedgedAtEnd += 1;
    return true;
  }

  #armFor(at: number): void {
    if (at >= this.#armedFor || this.#suspects.size === 0) return;
    this.#disarm();
    this.#armedFor = at;
    this.#timer = this.#parts.clock.schedule(at, this.#look);
  }

  #disarm(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#armedFor = Infinity;
  }
}

/** Nobody says when the last call has been taken from its source: a slow one is looked at again after an eighth of its age. */
const lookAgainMs = (ageMs: number): number => Math.min(1000, Math.max(25, ageMs / 8));
