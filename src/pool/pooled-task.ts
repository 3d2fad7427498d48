import type { Timer } from "../time/clock.ts";
import type { TaskContext } from "./pool.ts";
import type { TaskSettings } from "./pool-settings.ts";

/** Makes one attempt; what it resolves with hands the result to the submitter. */
export type AttemptTask = (context: TaskContext) => Promise<() => void>;

/** One submitted task. It ends exactly once, and then holds nothing of its caller's. */
export class PooledTask {
  readonly settings: TaskSettings;
  readonly sequence: number;
  /** Attempts begun. */
  attempts = 0;
  ended = false;
  /** Whether it stands in the pool's queue; a task that was cancelled there stays until it is cleared away. */
  inQueue = false;
  /** Ends the watch over the submitter's own signal. */
  unfollow: (() => void) | undefined;
  #run: AttemptTask | undefined;
  #reject: ((error: unknown) => void) | undefined;
  #attempt: AbortController | undefined;
  #timer: Timer | undefined;

  constructor(settings: TaskSettings, sequence: number, run: AttemptTask, reject: (error: unknown) => void) {
    this.settings = settings;
    this.sequence = sequence;
    this.#run = run;
    this.#reject = reject;
  }

  /** Starts an attempt, which counts until the task leaves it. */
  begin(attempt: AbortController): Promise<() => void> {
    this.attempts++;
    this.#attempt = attempt;
    return this.#run?.({ signal: attempt.signal }) ?? Promise.reject(new Error("Cannot begin: the task has ended"));
  }

  /** The attempt that counts; one that was given up does not. */
  get attempt(): AbortController | undefined {
    return this.#attempt;
  }

  /** The timer of what the task is in: an attempt, or the wait for the next one. */
  arm(timer: Timer): void {
    this.#timer = timer;
  }

  /** Gives up what the task is in; returns the attempt, when it was one, so that it can be told. */
  leave(): AbortController | undefined {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    const attempt = this.#attempt;
    this.#attempt = undefined;
    return attempt;
  }

  /** Settles the submitter's promise: by what the last attempt has handed over, or with an error. */
  end(outcome: { readonly deliver: () => void } | { readonly error: unknown }): void {
    this.ended = true;
    if ("deliver" in outcome) outcome.deliver();
    else this.#reject?.(outcome.error);
    this.#run = undefined;
    this.#reject = undefined;
  }
}
