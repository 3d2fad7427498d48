import { type CallError, cancellation } from "../call/call-error.ts";
import type { Demand } from "../call/call.ts";
import type { Outcome, Permit } from "../call/limiter.ts";
import { onAbort } from "../time/on-abort.ts";
import type { Amounts, Ticket } from "./admission.ts";

/** What waits to start, and how to tell it to stop waiting. */
export interface AdmissionRequest {
  readonly id: string;
  readonly demand: Demand;
  /** Higher goes first. */
  readonly priority: number;
  /** Among equals, smaller goes first. */
  readonly sequence: number;
  readonly signal?: AbortSignal;
  /** A call that was let in once is not turned away because younger ones fill the queue. @default false */
  readonly again?: boolean;
}

/** Who is told what becomes of an attempt. */
export interface AttemptOwner {
  /** The caller no longer wants to wait. */
  withdraw(attempt: QueuedAttempt, error: CallError): void;
  /** The attempt ended, or was given back without an outcome. */
  settle(attempt: QueuedAttempt, outcome: Outcome | undefined): void;
}

/**
 * One attempt on its way: the ticket that stands in the queue, the caller who waits for it, and the permit that it
 * becomes. They are one object because a million of them may wait.
 */
export class QueuedAttempt implements Ticket, Permit {
  state: Ticket["state"] = "queued";
  grantedAt = 0;
  amounts: Amounts;
  readonly id: string;
  readonly demand: Demand;
  readonly priority: number;
  readonly sequence: number;
  /** Resolves with the permit. */
  readonly granted: Promise<Permit>;
  readonly #owner: AttemptOwner;
  readonly #signal: AbortSignal | undefined;
  #unwatch: (() => void) | undefined;
  #resolve!: (permit: Permit) => void;
  #reject!: (error: CallError) => void;

  constructor({ id, demand, priority, sequence, signal }: AdmissionRequest, amounts: Amounts, owner: AttemptOwner) {
    this.id = id;
    this.demand = demand;
    this.priority = priority;
    this.sequence = sequence;
    this.amounts = amounts;
    this.#owner = owner;
    this.#signal = signal;
    this.granted = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** From here on the caller may change its mind; an attempt that is granted at once needs no listener. */
  watch(): void {
    const signal = this.#signal;
    if (signal === undefined) return;
    this.#unwatch = onAbort(signal, () => this.#owner.withdraw(this, cancellation(signal.reason)));
  }

  grant(): void {
    this.#unwatch?.();
    this.#resolve(this);
  }

  refuse(error: CallError): void {
    this.#unwatch?.();
    this.#reject(error);
  }

  /** Header readings are not used yet: the configured limits and the 429s decide. */
  observe(): void {}

  settle(outcome: Outcome): void {
    this.#owner.settle(this, outcome);
  }

  [Symbol.dispose](): void {
    this.#owner.settle(this, undefined);
  }
}
