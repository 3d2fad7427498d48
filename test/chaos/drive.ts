import type { VirtualClock } from "../../src/time/virtual-clock.ts";

/** Steps a clock from timer to timer until `work` settles; between two timers everything that can move does so. */
export const drive = async <T>(clock: VirtualClock, work: Promise<T>, afterEach: () => void = idle): Promise<T> => {
  let done = false;
  const finish = (): void => void (done = true);
  work.then(finish, finish);
  await settled();
  for (let quietTurns = 0; !done && quietTurns < mostQuietTurns;) {
    quietTurns = clock.step(Infinity) ? 0 : quietTurns + 1;
    await settled();
    afterEach();
  }
  if (!done)
    throw new Error(`P6: at ${clock.now()} ms the world stands still: no timer is armed and calls are pending`);
  return work;
};

/** Lets everything that still has a timer come to its end; fails when that takes more than `mostMs`. */
export const runDry = async (clock: VirtualClock, mostMs: number): Promise<void> => {
  const end = clock.now() + mostMs;
  while (clock.step(end)) await settled();
  if (clock.armed > 0) throw new Error(`P15: ${clock.armed} timers are armed ${mostMs} ms after everything has ended`);
};

/** Lets every promise that can move do so: a macrotask runs after all microtasks. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A source of many calls yields to the event loop now and then, without a timer. */
const mostQuietTurns = 20;

const idle = (): void => undefined;
