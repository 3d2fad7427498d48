import type { Clock, Timer } from "./clock.ts";
import { Heap } from "./heap.ts";

/**
 * A clock that keeps any number of deadlines on one timer of another clock.
 *
 * Every call has deadlines, and nearly all are cancelled: an entry in a heap costs a tenth of a timer, and entries that
 * were cancelled are swept out when they are the majority.
 */
export class OneTimerClock implements Clock {
  readonly #clock: Clock;
  readonly #deadlines: Heap<Deadline> = new Heap(isEarlier);
  #live = 0;
  #timer: Timer | undefined;
  #timerAt = Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  wallNow(): number {
    return this.#clock.wallNow();
  }

  schedule(at: number, callback: () => void): Timer {
    const deadline = new Deadline(at, callback, this);
    this.#deadlines.push(deadline);
    this.#live += 1;
    if (at < this.#timerAt) this.#arm(at);
    return deadline;
  }

  /** A deadline was cancelled. */
  cancelled(): void {
    this.#live -= 1;
    if (this.#live === 0) this.#disarm();
    if (this.#deadlines.size > 64 && this.#deadlines.size > 2 * this.#live) this.#deadlines.filter(isLive);
  }

  #arm(at: number): void {
    this.#timer?.[Symbol.dispose]();
    this.#timerAt = at;
    this.#timer = this.#clock.schedule(at, this.#fire);
  }

  #disarm(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#timerAt = Infinity;
  }

  readonly #fire = (): void => {
    this.#timer = undefined;
    this.#timerAt = Infinity;
    const now = this.#clock.now();
    for (let first = this.#first(); first !== undefined && first.at <= now; first = this.#first()) {
      this.#deadlines.pop();
      this.#live -= 1;
      first.run();
    }
    const next = this.#first();
    if (next !== undefined && next.at < this.#timerAt) this.#arm(next.at);
  };

  /** The earliest deadline that was not cancelled. */
  #first(): Deadline | undefined {
    for (let first = this.#deadlines.peek(); first !== undefined; first = this.#deadlines.peek()) {
      if (first.live) return first;
      this.#deadlines.pop();
    }
    return undefined;
  }
}

/** One scheduled callback. */
class Deadline implements Timer {
  readonly at: number;
  #callback: (() => void) | undefined;
  readonly #clock: OneTimerClock;

  constructor(at: number, callback: () => void, clock: OneTimerClock) {
    this.at = at;
    this.#callback = callback;
    this.#clock = clock;
  }

  get live(): boolean {
    return this.#callback !== undefined;
  }

  run(): void {
    const callback = this.#callback;
    this.#callback = undefined;
    callback?.();
  }

  [Symbol.dispose](): void {
    if (this.#callback === undefined) return;
    this.#callback = undefined;
    this.#clock.cancelled();
  }
}

const isEarlier = (a: Deadline, b: Deadline): boolean => a.at < b.at;

const isLive = (deadline: Deadline): boolean => deadline.live;
