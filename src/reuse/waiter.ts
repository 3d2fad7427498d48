import { CallError } from "../call/call-error.ts";
import type { Call } from "../call/call.ts";
import type { Context, Timeouts } from "../call/context.ts";
import type { Reply } from "../call/reply.ts";

/** Somebody who waits for the outcome of a shared call. */
export interface Waiter {
  readonly call: Call;
  readonly context: Context;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
  /** Ends watching its signal. */
  readonly unfollow: () => void;
}

/** Whether it leaves because its run or its client closes: what is in flight may then still finish. */
export const isClosing = ({ context: { signal } }: Waiter): boolean =>
  signal.reason instanceof CallError && signal.reason.code === "closed";

/** Whether the shared call failed for want of time that the one whose call it was had set, and this one has not. */
export const mayFareBetter = (error: unknown, leader: Waiter, waiter: Waiter): boolean => {
  if (!(error instanceof CallError)) return false;
  if (error.tooLate) return deadlineOf(waiter) > deadlineOf(leader);
  return error.code === "timeout" && !sameClocks(leader.context.timeouts, waiter.context.timeouts);
};

/** The most patient of some. */
export const mostPatient = (waiters: Iterable<Waiter>): Waiter | undefined => {
  let found: Waiter | undefined;
  for (const waiter of waiters) if (found === undefined || deadlineOf(waiter) > deadlineOf(found)) found = waiter;
  return found;
};

const deadlineOf = ({ context: { deadlineAt = Infinity } }: Waiter): number => deadlineAt;

const sameClocks = (a: Partial<Timeouts> = {}, b: Partial<Timeouts> = {}): boolean =>
  a.attemptMs === b.attemptMs && a.firstContentMs === b.firstContentMs && a.idleMs === b.idleMs;
