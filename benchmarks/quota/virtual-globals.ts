import type { Timer } from "../../src/time/clock.ts";
import type { VirtualClock } from "../../src/time/virtual-clock.ts";

/** Lets code that uses the global timers and `Date.now` live on a virtual clock while `work` runs. */
export const withGlobals = async (clock: VirtualClock, work: () => Promise<void>): Promise<void> => {
  const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
  const dateNow = Object.getOwnPropertyDescriptor(Date, "now") ?? {};
  Object.assign(globalThis, virtualTimers(clock));
  Date.now = () => Math.floor(clock.wallNow());
  performance.now = () => clock.now();
  try {
    await work();
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval });
    Object.defineProperty(Date, "now", dateNow);
    // The real one is on the prototype.
    Reflect.deleteProperty(performance, "now");
  }
};

type Callback = (...given: readonly unknown[]) => void;

const virtualTimers = (clock: VirtualClock): Readonly<Record<string, unknown>> => {
  const clear = (handle: unknown): void => void (handle instanceof Handle && handle.clear());
  return {
    setTimeout: (callback: Callback, ms?: number, ...given: readonly unknown[]) =>
      new Handle(clock, () => callback(...given), delayOf(ms), false),
    setInterval: (callback: Callback, ms?: number, ...given: readonly unknown[]) =>
      new Handle(clock, () => callback(...given), delayOf(ms), true),
    clearTimeout: clear,
    clearInterval: clear,
  };
};

/** Node's: whole milliseconds, at least one. */
const delayOf = (ms = 1): number => (ms >= 1 && ms < 2 ** 31 ? Math.trunc(ms) : 1);

class Handle {
  readonly #clock: VirtualClock;
  readonly #callback: () => void;
  readonly #ms: number;
  readonly #repeats: boolean;
  #timer: Timer;

  constructor(clock: VirtualClock, callback: () => void, ms: number, repeats: boolean) {
    this.#clock = clock;
    this.#callback = callback;
    this.#ms = ms;
    this.#repeats = repeats;
    this.#timer = clock.schedule(clock.now() + ms, this.#fire);
  }

  clear(): void {
    this.#timer[Symbol.dispose]();
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  readonly #fire = (): void => {
    if (this.#repeats) this.#timer = this.#clock.schedule(this.#clock.now() + this.#ms, this.#fire);
    this.#callback();
  };
}
