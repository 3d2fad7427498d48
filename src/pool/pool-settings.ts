import { durationMs } from "../time/duration.ts";
import type { PoolOptions, TaskOptions } from "./pool.ts";

/** How a pool runs, checked and complete. */
export interface PoolSettings extends TaskSettings {
  readonly maxConcurrent: number;
  readonly maxQueued: number;
  readonly stopGraceMs: number;
}

/** How one task runs, checked and complete. */
export interface TaskSettings {
  readonly priority: number;
  readonly maxRetries: number;
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** @throws RangeError that names the option. */
export const poolSettings = (options: PoolOptions): PoolSettings => {
  const { maxConcurrent = 10, maxRetries = 0, timeout, maxQueued = 10_000, stopGrace = "1s" } = options;
  checkInteger("create a pool", "maxConcurrent", maxConcurrent, 1);
  checkInteger("create a pool", "maxRetries", maxRetries, 0);
  checkInteger("create a pool", "maxQueued", maxQueued, 0);
  return {
    maxConcurrent,
    maxRetries,
    maxQueued,
    priority: 0,
    timeoutMs: timeout === undefined ? undefined : durationMs(timeout, `"timeout"`),
    stopGraceMs: durationMs(stopGrace, `"stopGrace"`),
    signal: undefined,
  };
};

/** @throws RangeError that names the option. */
export const taskSettings = (options: TaskOptions, defaults: TaskSettings): TaskSettings => {
  const { priority = defaults.priority, maxRetries = defaults.maxRetries, timeout, signal = defaults.signal } = options;
  if (Number.isNaN(priority)) throw new RangeError(`Cannot submit: "priority" must be a number, got ${priority}`);
  checkInteger("submit", "maxRetries", maxRetries, 0);
  const timeoutMs = timeout === undefined ? defaults.timeoutMs : durationMs(timeout, `"timeout"`);
  return { priority, maxRetries, timeoutMs, signal };
};

const checkInteger = (verb: string, name: string, value: number, least: number): void => {
  if (!(Number.isInteger(value) && value >= least)) {
    throw new RangeError(`Cannot ${verb}: "${name}" must be a whole number of at least ${least}, got ${value}`);
  }
};
