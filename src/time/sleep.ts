import type { Clock } from "./clock.ts";
import { onAbort } from "./on-abort.ts";

/** Waits `ms` milliseconds; ends early, with the signal's reason, when the signal aborts. */
export const sleep = (clock: Clock, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const stop = onAbort(signal, () => {
      timer[Symbol.dispose]();
      reject(signal.reason as Error);
    });
    const timer = clock.schedule(clock.now() + ms, () => {
      stop();
      resolve();
    });
  });
