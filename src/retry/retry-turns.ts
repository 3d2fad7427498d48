import type { Clock, Timer } from "../time/clock.ts";
import { onAbort } from "../time/on-abort.ts";
import type { RetryBudget } from "./retry-budget.ts";

/** A retry that waits for credit. */
interface Waiter {
  readonly cost: number;
  /** No later than this. */
  readonly until: number;
  /** True: it may go. False: it is too late. */
  settle(may: boolean): void;
}

/**
 * The queue of retries that found the budget empty.
 *
 * Each success lets the oldest go, for it shows that the provider works again; meanwhile time lets one go every now and
 * then, as a probe. So retries are never more than successes and probes, and a crowd that an outage has gathered
 * comes back at the speed at which the provider answers.
 */
export class RetryTurns {
  readonly #budget: RetryBudget;
  readonly #clock: Clock;
  #waiters: Waiter[] = [];
  #timer: Timer | undefined;

  constructor(budget: RetryBudget, clock: Clock) {
    this.#budget = budget;
    this.#clock = clock;
  }

  /** Waits for a turn; resolves with false when none comes in time. Rejects with the signal's reason. */
  wait(cost: number, until: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const stop = onAbort(signal, () => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        this.#rearm();
        reject(signal.reason as Error);
      });
      const waiter: Waiter = {
        cost,
        until,
        settle: (may) => {
          stop();
          resolve(may);
        },
      };
      this.#waiters.push(waiter);
      this.#rearm();
    });
  }

  /** A call has succeeded: the oldest retry may go, and costs nothing. */
  succeeded(): void {
    this.#waiters.shift()?.settle(true);
    this.#rearm();
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    const now = this.#clock.now();
    const late = this.#waiters.filter(({ until }) => until <= now);
    this.#waiters = this.#waiters.filter(({ until }) => until > now);
    for (const waiter of late) waiter.settle(false);
    while (this.#waiters[0] !== undefined && this.#budget.spend(now, this.#waiters[0].cost)) {
      this.#waiters.shift()?.settle(true);
    }
    this.#rearm();
  };

  /** One timer while anybody waits, none otherwise. */
  #rearm(): void {
    if (this.#waiters.length > 0) {
      this.#timer ??= this.#clock.schedule(this.#budget.nextRefillAt(this.#clock.now()), this.#look);
      return;
    }
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}
