import type { Limits } from "./limits.ts";

/** What a quota counts. A slot is given back at the end; the others are used up. */
export type Unit = "slot" | "request" | "input" | "output" | "total";

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
  /** Until when the provider holds it off. */
  readonly heldUntil: number;
  /** Milliseconds until `amount` fits: 0 when it does now, Infinity when only a settlement can make room. */
  waitMs(now: number, amount: number): number;
  /** Whether `amount` has to wait for something that nobody else's start can put off, so that others may use what is there. */
  spares(now: number, amount: number): boolean;
  /** Whether `amount`, taken now, leaves room for `head` at `at`. */
  passes(now: number, at: number, head: number, amount: number): boolean;
  take(now: number, amount: number): void;
  /** What was taken at `takenAt` turns out to be more while it runs. */
  adjust(now: number, takenAt: number, taken: number, more: number): void;
  /** Replaces what was taken at `takenAt` by what was really used. */
  settle(now: number, takenAt: number, taken: number, used: number): void;
  /** How much is in use now. */
  used(now: number): number;
}

/**
 * How an attempt ended, as far as a limit can learn from it. `crowded` is a 429 that too many calls at once may have
 * caused; `throttled` is one that says it was something else.
 */
export type Lesson = "succeeded" | "crowded" | "throttled" | "failed";
