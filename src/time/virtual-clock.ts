import type { Clock, Timer } from "./clock.ts";
import { Heap } from "./heap.ts";

interface Entry {
  readonly at: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

/** A clock that stands still until it is told to move: hours of traffic pass in milliseconds of real time. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #startedAt: number;
  readonly #entries: Heap<Entry> = new Heap((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order));

  /** @param startedAt what `wallNow()` says at virtual time 0. */
  constructor(startedAt: number = Date.UTC(2026, 0, 1)) {
    this.#startedAt = startedAt;
  }

  now(): number {
    return this.#now;
  }

  wallNow(): number {
    return this.#startedAt + this.#now;
  }

  schedule(at: number, callback: () => void): Timer {
    const entry: Entry = { at: Math.max(at, this.#now), order: this.#order++, callback };
    this.#entries.push(entry);
    return { [Symbol.dispose]: () => void (entry.callback = undefined) };
  }

  /** How many timers are armed: an idle program has none. */
  get armed(): number {
    this.#entries.filter((entry) => entry.callback !== undefined);
    return this.#entries.size;
  }

  /** Moves time forward; after each timer everything that it woke runs to its next wait. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    while (this.step(end)) await settled();
    this.#now = end;
    await settled();
  }

  /** Jumps from timer to timer until `promise` settles; fails when nothing is left that could settle it. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let done = false;
    const finish = (): void => void (done = true);
    promise.then(finish, finish);
    await settled();
    while (!done) {
      if (!this.step(Infinity))
        throw new Error("Cannot advance the virtual clock: the promise is pending and no timer is armed");
      await settled();
    }
    return promise;
  }

  /** Runs the next timer that is due by `end`, at its own time; false when there is none. */
  step(end: number): boolean {
    for (let next = this.#entries.peek(); next !== undefined && next.at <= end; next = this.#entries.peek()) {
      this.#entries.pop();
      if (next.callback === undefined) continue;
      this.#now = Math.max(this.#now, next.at);
      next.callback();
      return true;
    }
    return false;
  }
}

/** Lets every promise that can move do so: a macrotask runs after all microtasks. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
