import { CallError, cancellation } from "../call/call-error.ts";
import { fullJitter } from "../retry/backoff.ts";
import type { Clock } from "../time/clock.ts";
import { onAbort } from "../time/on-abort.ts";
import type { Rng } from "../time/rng.ts";
import { type AttemptTask, PooledTask } from "./pooled-task.ts";
import { type PoolSettings, poolSettings, type TaskSettings, taskSettings } from "./pool-settings.ts";
import type { Pool, PoolOptions, PoolStats, Task, TaskContext, TaskOptions, TaskSubmitter } from "./pool.ts";
import { ProducerGate } from "./producer-gate.ts";
import { TaskQueue } from "./task-queue.ts";

/** Time and chance for a pool. */
export interface PoolParts {
  readonly clock: Clock;
  readonly rng: Rng;
}

/** A pool of workers for any functions: priorities, timeouts, retries, and a bounded queue that pushes back. */
export const createWorkerPool = (options: PoolOptions, parts: PoolParts): Pool => new WorkerPool(options, parts);

type Outcome = Parameters<PooledTask["end"]>[0];

const backoff = { baseMs: 250, capMs: 20_000 } as const;

class WorkerPool implements Pool {
  readonly #settings: PoolSettings;
  readonly #signal: AbortSignal | undefined;
  readonly #clock: Clock;
  readonly #rng: Rng;
  readonly #gate: ProducerGate;
  readonly #queue: TaskQueue = new TaskQueue();
  /** Every task whose submitter still waits. */
  readonly #unfinished: Set<PooledTask> = new Set();
  /** Called when no slot is in use any more. */
  readonly #onFree: Set<() => void> = new Set();
  /** Called when no task is unfinished any more. */
  #onDrained: (() => void)[] = [];
  #slotsUsed = 0;
  /** Unfinished tasks in an attempt: fewer than the slots in use when one was given up and has not ended. */
  #inAttempt = 0;
  #submitted = 0;
  #succeeded = 0;
  #failed = 0;
  #retried = 0;
  #closed: CallError | undefined;

  constructor(options: PoolOptions, { clock, rng }: PoolParts) {
    this.#settings = poolSettings(options);
    this.#signal = options.signal;
    this.#clock = clock;
    this.#rng = rng;
    this.#gate = new ProducerGate(clock, () => this.#room());
  }

  get stats(): PoolStats {
    return {
      queued: this.#queued(),
      running: this.#slotsUsed,
      succeeded: this.#succeeded,
      failed: this.#failed,
      retried: this.#retried,
    };
  }

  submit<A extends unknown[], T>(task: Task<A, T>, ...args: A): Promise<T> {
    return this.#submit(this.#settings, (context) => task(...args, context));
  }

  with(options: TaskOptions): TaskSubmitter {
    const settings = taskSettings(options, this.#settings);
    return {
      submit: <A extends unknown[], T>(task: Task<A, T>, ...args: A): Promise<T> =>
        this.#submit(settings, (context) => task(...args, context)),
    };
  }

  ready(): Promise<void> {
    const refusal = this.#refusal();
    return refusal === undefined ? this.#gate.ready() : Promise.reject(refusal);
  }

  drain(): Promise<void> {
    if (this.#unfinished.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onDrained.push(resolve));
  }

  async stop(): Promise<void> {
    this.#close(new CallError("closed", "The pool was stopped before the task had ended"));
    if (this.#slotsUsed > 0) await this.#freeOrGrace();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #submit<T>(settings: TaskSettings, call: (context: TaskContext) => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const refusal = this.#refusal() ?? this.#taskRefusal(settings);
      if (refusal !== undefined) return reject(refusal);
      const run: AttemptTask = async (context) => {
        const value = await call(context);
        return () => resolve(value);
      };
      this.#admit(new PooledTask(settings, this.#submitted++, run, reject));
    });
  }

  #refusal(): CallError | undefined {
    if (this.#closed === undefined && this.#signal?.aborted === true) this.#closed = cancellation(this.#signal.reason);
    return this.#closed;
  }

  #taskRefusal({ signal }: TaskSettings): CallError | undefined {
    if (signal?.aborted === true) return cancellation(signal.reason);
    if (this.#room() > 0) return undefined;
    const { maxQueued } = this.#settings;
    return new CallError(
      "queue_full",
      `Cannot submit: the queue holds "maxQueued" = ${maxQueued} tasks; await pool.ready() before each submit`,
    );
  }

  #queued(): number {
    return this.#unfinished.size - this.#inAttempt;
  }

  #room(): number {
    const { maxConcurrent, maxQueued } = this.#settings;
    return maxConcurrent + maxQueued - this.#slotsUsed - this.#queued();
  }

  #admit(task: PooledTask): void {
    // The pool listens only while it has work: one that is forgotten leaves nothing on a long-lived signal.
    if (this.#unfinished.size === 0) this.#signal?.addEventListener("abort", this.#abort);
    this.#unfinished.add(task);
    const { signal } = task.settings;
    if (signal !== undefined) task.unfollow = onAbort(signal, () => this.#giveUp(task, cancellation(signal.reason)));
    this.#enqueue(task);
    this.#gate.used();
  }

  #enqueue(task: PooledTask): void {
    this.#queue.push(task);
    this.#fill();
  }

  #fill(): void {
    while (this.#slotsUsed < this.#settings.maxConcurrent) {
      const task = this.#queue.next();
      if (task === undefined) return;
      this.#start(task);
    }
  }

  #start(task: PooledTask): void {
    const attempt = new AbortController();
    const { timeoutMs } = task.settings;
    this.#slotsUsed++;
    this.#inAttempt++;
    if (timeoutMs !== undefined) {
      task.arm(this.#clock.schedule(this.#clock.now() + timeoutMs, () => this.#timeOut(task, timeoutMs)));
    }
    task.begin(attempt).then(
      (deliver) => this.#release(task.attempt === attempt ? () => this.#end(task, { deliver }) : undefined),
      (error: unknown) => this.#release(task.attempt === attempt ? () => this.#fail(task, error) : undefined),
    );
  }

  /** Frees the slot of an attempt that has really ended. */
  #release(conclude: (() => void) | undefined): void {
    this.#slotsUsed--;
    conclude?.();
    this.#fill();
    this.#gate.open();
    if (this.#slotsUsed === 0) for (const free of this.#onFree) free();
  }

  #timeOut(task: PooledTask, timeoutMs: number): void {
    const { attempt, attempts } = task;
    const message = `The task took longer than its timeout of ${timeoutMs} ms`;
    const error = new CallError("timeout", message, { attempts });
    this.#fail(task, error);
    attempt?.abort(error);
  }

  /** The attempt is told last: what listens to its signal may call the pool. */
  #giveUp(task: PooledTask, error: unknown): void {
    const { attempt } = task;
    this.#end(task, { error });
    attempt?.abort(error);
  }

  #fail(task: PooledTask, error: unknown): void {
    if (task.attempts > task.settings.maxRetries || !isRetryable(error)) return this.#end(task, { error });
    this.#leave(task);
    this.#retried++;
    const asked = error instanceof CallError ? (error.retryAfterMs ?? 0) : 0;
    const waitMs = Math.max(asked, fullJitter(task.attempts, backoff, this.#rng));
    task.arm(this.#clock.schedule(this.#clock.now() + waitMs, () => this.#enqueue(task)));
  }

  #leave(task: PooledTask): void {
    if (task.leave() !== undefined) this.#inAttempt--;
  }

  #end(task: PooledTask, outcome: Outcome): void {
    this.#leave(task);
    this.#unfinished.delete(task);
    if ("deliver" in outcome) this.#succeeded++;
    else this.#failed++;
    task.unfollow?.();
    task.end(outcome);
    this.#queue.discard(task);
    if (this.#unfinished.size === 0) this.#drained();
    this.#gate.open();
  }

  #drained(): void {
    this.#signal?.removeEventListener("abort", this.#abort);
    const waiting = this.#onDrained;
    this.#onDrained = [];
    for (const resolve of waiting) resolve();
  }

  readonly #abort = (): void => this.#close(cancellation(this.#signal?.reason));

  #close(error: CallError): void {
    this.#closed ??= error;
    this.#gate.close(this.#closed);
    for (const task of this.#unfinished) this.#giveUp(task, this.#closed);
  }

  #freeOrGrace(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        timer[Symbol.dispose]();
        this.#onFree.delete(done);
        resolve();
      };
      const timer = this.#clock.schedule(this.#clock.now() + this.#settings.stopGraceMs, done);
      this.#onFree.add(done);
    });
  }
}

const isRetryable = (error: unknown): boolean => !(error instanceof CallError) || error.retryable;
