/**
 * Time as an argument: only `systemClock` reads the real one, so a test can run a day in a second.
 */
export interface Clock {
  /** Monotonic milliseconds. Only differences mean anything. */
  now(): number;
  /** Milliseconds since 1970 by the wall clock: for records that people read, never for intervals. */
  wallNow(): number;
  /** Calls `callback` once, not before `now()` has reached `at`. Disposing the timer cancels it. */
  schedule(at: number, callback: () => void): Timer;
}

/** A callback that has not run yet. Disposing it twice, or after it ran, does nothing. */
export type Timer = Disposable;
