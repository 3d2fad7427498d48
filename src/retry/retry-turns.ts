import type { Clock, Timer } from "../time/clock.ts";
import { onAbort } from "../time/on-abort.ts";
import type { RetryBudget } from "./retry-budget.ts";

/** A retry that waits for credit. */
interface Waiter {
  readonly cost: number;
  /** No later than this. */
  readonly until: number;
  /** Whether it still waits. */
  waits: boolean;
  /** What was paid for it: it may go. Undefined: it is too late. */
  settle(paid: number | undefined): void;
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
  /** Oldest first; those that left are swept out when they are the majority. */
  #line: Waiter[] = [];
  #waiting = 0;
  #timer: Timer | undefined;

  constructor(budget: RetryBudget, clock: Clock) {
    this.#budget = budget;
    this.#clock = clock;
  }

  /**
   * Waits for a turn; resolves with what the budget paid for it, or with undefined when none comes in time. Rejects
   * with the signal's reason.
   */
  wait(cost: number, until: number, signal: AbortSignal): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const stop = onAbort(signal, () => {
        this.#leave(waiter);
        this.#sweep();
        this.#rearm();
        reject(signal.reason as Error);
      });
      const waiter: Waiter = {
        cost,
        until,
        waits: true,
        settle: (paid) => {
          this.#leave(waiter);
          stop();
          resolve(paid);
        },
      };
      this.#line.push(waiter);
      this.#waiting += 1;
      this.#rearm();
    });
  }

  /** A call has succeeded: the oldest retry that is not too late may go, and costs nothing. */
  succeeded(): void {
    if (this.#waiting === 0) return;
    this.#first(this.#clock.now())?.settle(0);
    this.#rearm();
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    const now = this.#clock.now();
    for (const waiter of this.#line) if (waiter.waits && waiter.until < now) waiter.settle(undefined);
    this.#sweep();
    for (let first = this.#first(now); first !== undefined; first = this.#first(now)) {
      if (!this.#budget.spend(now, first.cost)) break;
      first.settle(first.cost);
    }
    this.#rearm();
  };

  /** The oldest that still waits; those before it that are too late are told so. */
  #first(now: number): Waiter | undefined {
    for (let first = this.#line[0]; first !== undefined; first = this.#line[0]) {
      if (first.waits && first.until >= now) return first;
      if (first.waits) first.settle(undefined);
      this.#line.shift();
    }
    return undefined;
  }

  #leave(waiter: Waiter): void {
    if (!waiter.waits) return;
    waiter.waits = false;
    this.#waiting -= 1;
  }

  #sweep(): void {
    if (this.#line.length > 2 * this.#waiting) this.#line = this.#line.filter(({ waits }) => waits);
  }

  /** One timer while anybody waits, none otherwise. */
  #rearm(): void {
    if (this.#waiting > 0) {
      this.#timer ??= this.#clock.schedule(this.#budget.nextRefillAt(this.#clock.now()), this.#look);
      return;
    }
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}
