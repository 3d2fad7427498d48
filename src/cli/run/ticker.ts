import type { Clock, Timer } from "../../time/clock.ts";

/** Calls back again and again until it is disposed. */
export const ticker = (clock: Clock, everyMs: number, callback: () => void): Timer => {
  let timer: Timer;
  const tick = (): void => {
    timer = clock.schedule(clock.now() + everyMs, tick);
    callback();
  };
  timer = clock.schedule(clock.now() + everyMs, tick);
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
};
