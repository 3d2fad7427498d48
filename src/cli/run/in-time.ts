import { childController } from "../../time/child-controller.ts";
import { onAbort } from "../../time/on-abort.ts";
import { systemClock } from "../../time/system-clock.ts";

/** Nothing came in the time that was given for it. */
export class Late extends Error {
  override readonly name = "Late";
}

/** What a task comes to, if it does so in time; its signal aborts when the time is over, or with the other one. @throws Late */
export const inTime = async <T>(
  patienceMs: number,
  task: (signal: AbortSignal) => Promise<T>,
  parent?: AbortSignal,
): Promise<T> => {
  const controller = childController(parent ?? new AbortController().signal);
  const late = new Promise<never>((_, reject) => {
    onAbort(controller.signal, () => reject(controller.signal.reason as Error));
  });
  const timer = systemClock.schedule(systemClock.now() + patienceMs, () => {
    controller.abort(new Late(`nothing came within ${patienceMs / 1000} s`));
  });
  try {
    controller.signal.throwIfAborted();
    return await Promise.race([task(controller.signal), late]);
  } finally {
    timer[Symbol.dispose]();
    controller[Symbol.dispose]();
  }
};
