import type { Demand } from "../call/call.ts";
import type { Amounts } from "./amounts.ts";
import type { Queued } from "./fair-queue.ts";
import type { Limits } from "./limits.ts";

/** One attempt's place in the queue and, once granted, in the quotas. */
export interface Ticket extends Queued {
  readonly demand: Demand;
  share: number;
  /** What it takes; known when it comes near the head of the queue. */
  amounts: Amounts | undefined;
  /** The number of its grant, from 1. */
  grant: number;
  grantedAt: number;
}

/**
 * Why the head of the queue is not granted: a limit's name, `paused`, `provider` while that holds us off, or `quota`
 * while one is used up.
 */
export type Bound = keyof Limits | "paused" | "provider" | "quota";

/** In which order what waits may start. */
export type QueueOrder = "fifo" | "longest-first";
