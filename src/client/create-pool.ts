import type { Pool, PoolOptions } from "../pool/pool.ts";
import { createWorkerPool } from "../pool/worker-pool.ts";
import { systemClock } from "../time/system-clock.ts";

/** Makes a pool of workers for any async function: bounded, with priorities, timeouts and retries. */
export const createPool = (options: PoolOptions = {}): Pool =>
  createWorkerPool(options, { clock: systemClock, rng: Math.random });
