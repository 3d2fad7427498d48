import type { Limits } from "./limits.ts";

/** What a quota counts. A slot is given back at the end; the others are used up. */
export type Unit = "slot" | "request" | "input" | "output" | "total";

/**
 * How an attempt ended, as far as a limit can learn from it. `crowded` is a 429 that too many calls at once may have
 * caused; `throttled` is one that says it was something else.
 */
export type Lesson = "succeeded" | "crowded" | "throttled" | "failed";

/**
 * One limit: a synchronous state machine to which time is an argument.
 *
 * `take` may drive the level below zero (debt): whether there is room was asked before with `waitMs`.
 */
export interface Dimension {
  /** The option that it enforces. */
  readonly name: keyof Limits;
  readonly unit: Unit;
  /** More than this can never be granted at once. */
  readonly largest: number;
  /** Milliseconds until `amount` fits: 0 when it does now, Infinity when only a settlement can make room. */
  waitMs(now: number, amount: number): number;
  take(now: number, amount: number): void;
  /** Replaces what was taken at `takenAt` by what was really used. */
  settle(now: number, takenAt: number, taken: number, used: number): void;
  /** How much is in use now. */
  used(now: number): number;
  /** Learns from how an attempt granted at `takenAt` ended; only limits that nobody configured do. */
  learn?(takenAt: number, lesson: Lesson): void;
}
