import { cancellation } from "../call/call-error.ts";
import { onAbort } from "../time/on-abort.ts";

/** Waits for a promise, but not longer than a signal lets it: a disk or a reader that never answers keeps no cancelled call. */
export const unlessAborted = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const unfollow = onAbort(signal, () => reject(cancellation(signal.reason)));
    if (signal.aborted) reject(cancellation(signal.reason));
    promise.then(resolve, reject).finally(unfollow).catch(reject);
  });
