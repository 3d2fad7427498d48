import type { Duration } from "../time/duration.ts";

/** How a pool runs its tasks. */
export interface PoolOptions {
  /** Tasks at once. @default 10 */
  readonly maxConcurrent?: number;
  /** How often a task that fails is tried again. @default 0 */
  readonly maxRetries?: number;
  /** The longest one attempt of a task may take. @default none */
  readonly timeout?: Duration;
  /** Tasks that may wait beside the running ones; more are refused. @default 10_000 */
  readonly maxQueued?: number;
  /** Stops the pool when it aborts; everything unfinished is then rejected as cancelled. */
  readonly signal?: AbortSignal;
  /** How long `stop()` waits for running tasks to obey their signal. @default '1s' */
  readonly stopGrace?: Duration;
}

/** Settings of single tasks; what is absent is as the pool has it. */
export interface TaskOptions {
  /** Higher goes first; equal ones go in the order of their submission. @default 0 */
  readonly priority?: number;
  readonly timeout?: Duration;
  readonly maxRetries?: number;
  /** Cancels the task, wherever it is. */
  readonly signal?: AbortSignal;
}

/** What a task is called with, after its own arguments. */
export interface TaskContext {
  /** Aborts at the timeout, when the task is cancelled and when the pool stops. */
  readonly signal: AbortSignal;
}

/** How many tasks stand where. */
export interface PoolStats {
  /** Waiting for a slot or for their next attempt. */
  readonly queued: number;
  /** Slots in use: also by a task that was given up and has not ended yet. */
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Attempts made again. */
  readonly retried: number;
}

/** A task that is called with its arguments and then with its context. */
export type Task<A extends unknown[], T> = (...args: [...A, TaskContext]) => T | Promise<T>;

/** `A`, but not a place to infer it from. */
type Known<A extends unknown[]> = A extends unknown ? A : never;

/** Where tasks are submitted. */
export interface TaskSubmitter {
  /**
   * Runs `task(...args, { signal })` as soon as a slot is free, and returns its result or throws its error.
   *
   * Rejects with `CallError`: `queue_full`, `timeout`, `cancelled`, `closed`. A task that is given up keeps its slot
   * until it has really ended, so `maxConcurrent` holds even for tasks that ignore their signal.
   */
  submit<A extends unknown[], T>(task: Task<A, T>, ...args: A): Promise<T>;
  /** The same for a task that has no use for its context; it is passed all the same, so the types must allow it. */
  submit<A extends unknown[], T>(
    task: ((...args: A) => T | Promise<T>) & Task<Known<A>, unknown>,
    ...args: A
  ): Promise<T>;
}

/** Runs any functions, a few at a time. Disposing it stops it. */
export interface Pool extends TaskSubmitter, AsyncDisposable {
  /** The same pool, with settings for the tasks submitted through it. */
  with(options: TaskOptions): TaskSubmitter;
  /** Resolves when one more task can be submitted: a producer that awaits it is never refused. */
  ready(): Promise<void>;
  /** Resolves when every submitted task has its outcome. */
  drain(): Promise<void>;
  /** Rejects everything unfinished as `closed`, tells running tasks to stop, and waits `stopGrace` for them at most. */
  stop(): Promise<void>;
  readonly stats: PoolStats;
  [Symbol.asyncDispose](): Promise<void>;
}
