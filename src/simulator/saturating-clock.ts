import type { Clock, Timer } from "../time/clock.ts";
import { Heap } from "../time/heap.ts";

interface Entry {
  readonly at: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

/**
 * The time that calls spend being served: it slows down when more are served at once than can be at full speed.
 *
 * All calls get equal parts of a fixed throughput, as in egalitarian processor sharing (Kleinrock 1967); so beyond the
 * knee a call takes longer in proportion to the others, and all together get no faster.
 */
export class SaturatingClock implements Clock {
  readonly #clock: Clock;
  readonly #knee: number;
  readonly #entries: Heap<Entry> = new Heap((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order));
  #order = 0;
  #inService = 0;
  #speed = 1;
  /** What this clock showed when its speed last changed. */
  #shown: number;
  #changedAt: number;
  #timer: Timer | undefined;
  #timerAt = Infinity;

  constructor(clock: Clock, knee: number) {
    this.#clock = clock;
    this.#knee = knee;
    this.#changedAt = clock.now();
    this.#shown = this.#changedAt;
  }

  now(): number {
    return this.#shown + (this.#clock.now() - this.#changedAt) * this.#speed;
  }

  wallNow(): number {
    return this.#clock.wallNow();
  }

  /** One call more is being served. */
  enter(): void {
    this.#serve(this.#inService + 1);
  }

  /** A call is served no longer. */
  leave(): void {
    this.#serve(this.#inService - 1);
  }

  schedule(at: number, callback: () => void): Timer {
    const entry: Entry = { at, order: this.#order++, callback };
    this.#entries.push(entry);
    if (at < this.#timerAt) this.#arm(at);
    return { [Symbol.dispose]: () => this.#cancel(entry) };
  }

  #serve(calls: number): void {
    this.#inService = calls;
    const speed = Math.min(1, this.#knee / Math.max(1, calls));
    if (speed === this.#speed) return;
    this.#shown = this.now();
    this.#changedAt = this.#clock.now();
    this.#speed = speed;
    this.#rearm();
  }

  #cancel(entry: Entry): void {
    entry.callback = undefined;
    if (this.#entries.peek() === entry) this.#rearm();
  }

  #rearm(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#timerAt = Infinity;
    const next = this.#next();
    if (next !== undefined) this.#arm(next.at);
  }

  #arm(at: number): void {
    this.#timer?.[Symbol.dispose]();
    this.#timerAt = at;
    const restMs = Math.max(0, at - this.#shown) / this.#speed;
    this.#timer = this.#clock.schedule(this.#changedAt + restMs, this.#fire);
  }

  readonly #fire = (): void => {
    this.#timer = undefined;
    this.#timerAt = Infinity;
    for (let next = this.#next(); next !== undefined && next.at <= this.now() + slackMs; next = this.#next()) {
      this.#entries.pop();
      next.callback?.();
    }
    this.#rearm();
  };

  #next(): Entry | undefined {
    for (let next = this.#entries.peek(); next !== undefined; next = this.#entries.peek()) {
      if (next.callback !== undefined) return next;
      this.#entries.pop();
    }
    return undefined;
  }
}

/** The way back from the other clock's time rounds. */
const slackMs = 1e-6;
