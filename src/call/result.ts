import type { CallError, CallErrorCode } from "./call-error.ts";

/** Where a call's time went, in milliseconds. */
export interface Timing {
  /** Waiting in our own queue, over all attempts. */
  readonly queuedMs: number;
  /** From the start of the last attempt to its first content; absent when nothing was streamed. */
  readonly firstContentMs?: number;
  /** From submission to outcome. */
  readonly totalMs: number;
}

/** An attempt that failed and was made again. */
export interface Retry {
  readonly code: CallErrorCode;
  readonly status?: number;
  readonly waitedMs: number;
}

interface Outcome {
  readonly id: string;
  /** The place of the item in its source, from 0. */
  readonly index: number;
  readonly attempts: number;
  readonly timing: Timing;
  /** The attempts before the last, oldest first. */
  readonly retries: readonly Retry[];
}

/** A call of many that succeeded. */
export interface Success<T> extends Outcome {
  readonly ok: true;
  readonly value: T;
}

/** A call of many that failed; the others are not disturbed. */
export interface Failure extends Outcome {
  readonly ok: false;
  readonly error: CallError;
}

/** What became of one call of many. */
export type Result<T> = Success<T> | Failure;
