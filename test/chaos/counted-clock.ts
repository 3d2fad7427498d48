import type { Clock, Timer } from "../../src/time/clock.ts";

/** A clock that knows how many timers are armed through it, and can be made to jump. */
export class CountedClock implements Clock {
  armed = 0;
  mostArmed = 0;
  /** By how much it is ahead of the clock below. */
  offsetMs = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now() + this.offsetMs;
  }

  wallNow(): number {
    return this.#clock.wallNow() + this.offsetMs;
  }

  schedule(at: number, callback: () => void): Timer {
    this.armed += 1;
    this.mostArmed = Math.max(this.mostArmed, this.armed);
    let live = true;
    const end = (): boolean => {
      if (!live) return false;
      live = false;
      this.armed -= 1;
      return true;
    };
    const timer = this.#clock.schedule(at - this.offsetMs, () => {
      if (end()) callback();
    });
    return {
      [Symbol.dispose]: () => {
        if (end()) timer[Symbol.dispose]();
      },
    };
  }
}
