import { cancellation } from "../call/call-error.ts";
import { onAbort } from "../time/on-abort.ts";

/** Waits for a promise, but not longer than a signal lets it: a disk or a reader that never answers keeps no cancelled call. */
export const unlessAborted = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const leave = (): void => {
      unfollow();
      reject(cancellation(signal.reason));
    };
    const unfollow = onAbort(signal, leave);
    if (signal.aborted) leave();
    promise.then(resolve, reject).finally(unfollow).catch(reject);
  });
