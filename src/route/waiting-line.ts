import { CallError, cancellation } from "../call/call-error.ts";
import type { Context } from "../call/context.ts";
import { Heap } from "../time/heap.ts";
import { onAbort } from "../time/on-abort.ts";

/** A call that waits for a deployment to recover. */
interface Waiter<T> {
  readonly context: Context;
  live: boolean;
  settle(admitted: T): void;
}

/**
 * Calls that wait, the oldest first among those that have been tried least often: one that has just failed as a probe
 * does not use up its retries as the next probe too.
 */
export class WaitingLine<T> {
  readonly #waiters: Heap<Waiter<T>> = new Heap(isBefore);
  readonly #most: number;
  #live = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#live;
  }

  /** Waits to be admitted. Rejects with `CallError`: `queue_full`, or the signal's reason; `left` is called when one gives up. */
  join(context: Context, left: () => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const { signal } = context;
      if (signal.aborted) return reject(cancellation(signal.reason));
      if (this.#live >= this.#most) return reject(this.#full());
      const stop = onAbort(signal, () => {
        this.#leave(waiter);
        left();
        reject(cancellation(signal.reason));
      });
      const waiter: Waiter<T> = {
        context,
        live: true,
        settle: (admitted) => {
          stop();
          resolve(admitted);
        },
      };
      this.#waiters.push(waiter);
      this.#live += 1;
    });
  }

  /** Lets the first one go with what `admit` makes of its context. */
  admit(admit: (context: Context) => T): void {
    let first = this.#waiters.pop();
    while (first !== undefined && !first.live) first = this.#waiters.pop();
    if (first === undefined) return;
    first.live = false;
    this.#live -= 1;
    first.settle(admit(first.context));
  }

  /** Those who gave up stay in the heap until they are the majority. */
  #leave(waiter: Waiter<T>): void {
    waiter.live = false;
    this.#live -= 1;
    if (this.#waiters.size > 64 && this.#waiters.size > 2 * this.#live) this.#waiters.filter(({ live }) => live);
  }

  #full(): CallError {
    return new CallError(
      "queue_full",
      `Not queued: "maxWaiting" = ${this.#most} calls wait for the provider to recover already; submit fewer at once`,
    );
  }
}

const isBefore = (a: Waiter<unknown>, b: Waiter<unknown>): boolean => {
  const byAttempt = a.context.attempt - b.context.attempt;
  return byAttempt === 0 ? a.context.sequence < b.context.sequence : byAttempt < 0;
};
