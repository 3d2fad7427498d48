import type { Clock, Timer } from "./clock.ts";

/** Node clamps longer delays to 1 ms, so they are cut into pieces. */
const longestDelayMs = 2 ** 31 - 1;

/** The real time of this machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  schedule: (at, callback) => new SystemTimer(at, callback),
};

class SystemTimer implements Timer {
  readonly #at: number;
  readonly #callback: () => void;
  #handle: NodeJS.Timeout;

  constructor(at: number, callback: () => void) {
    this.#at = at;
    this.#callback = callback;
    this.#handle = this.#arm(performance.now());
  }

  #arm(now: number): NodeJS.Timeout {
    const delayMs = Math.min(longestDelayMs, Math.max(1, Math.ceil(this.#at - now)));
    return setTimeout(this.#fire, delayMs);
  }

  /** Node may fire up to 1 ms early (nodejs/node#26578), so the time is checked again. */
  readonly #fire = (): void => {
    const now = performance.now();
    if (now < this.#at) this.#handle = this.#arm(now);
    else this.#callback();
  };

  [Symbol.dispose](): void {
    clearTimeout(this.#handle);
  }
}
