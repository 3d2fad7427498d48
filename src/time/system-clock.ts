import type { Clock, Timer } from "./clock.ts";
import { RunningTime } from "./running-time.ts";

/** Node clamps longer delays to 1 ms, so they are cut into pieces. */
const longestDelayMs = 2 ** 31 - 1;

const readEveryMs = 1000;

const runningTime = new RunningTime();

const now = (): number => runningTime.at(performance.now());

/** The real time of this machine, as far as this process was running: what it slept through is no time that anybody was waited for. */
export const systemClock: Clock = {
  now,
  wallNow: () => Date.now(),
  schedule: (at, callback) => new SystemTimer(at, callback),
};

/** How often the process was found to have been suspended; connections from before are likely dead. */
export const suspensions = (): number => {
  now();
  return runningTime.gaps;
};

let armed = 0;
let reading: NodeJS.Timeout | undefined;

/** Gaps are looked for only while somebody waits for a time, and never keep the process alive. */
const armedBy = (count: 1 | -1): void => {
  armed += count;
  if (reading !== undefined || armed === 0) return;
  runningTime.watch(true, performance.now());
  reading = setInterval(read, readEveryMs).unref();
};

/** Ends itself, so that a timer armed for every call does not start and stop it each time. */
const read = (): void => {
  now();
  if (armed > 0) return;
  runningTime.watch(false, performance.now());
  clearInterval(reading);
  reading = undefined;
};

class SystemTimer implements Timer {
  readonly #at: number;
  #callback: (() => void) | undefined;
  #handle: NodeJS.Timeout;

  constructor(at: number, callback: () => void) {
    this.#at = at;
    this.#callback = callback;
    armedBy(1);
    this.#handle = this.#arm(now());
  }

  #arm(from: number): NodeJS.Timeout {
    const delayMs = Math.min(longestDelayMs, Math.max(1, Math.ceil(this.#at - from)));
    return setTimeout(this.#fire, delayMs);
  }

  /** Node may fire up to 1 ms early (nodejs/node#26578), and after a suspension much too early, so the time is checked again. */
  readonly #fire = (): void => {
    const at = now();
    if (at < this.#at) {
      this.#handle = this.#arm(at);
      return;
    }
    const callback = this.#callback;
    this[Symbol.dispose]();
    callback?.();
  };

  [Symbol.dispose](): void {
    if (this.#callback === undefined) return;
    this.#callback = undefined;
    clearTimeout(this.#handle);
    armedBy(-1);
  }
}
