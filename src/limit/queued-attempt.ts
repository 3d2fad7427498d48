import { type CallError, cancellation } from "../call/call-error.ts";
import type { Demand } from "../call/call.ts";
import type { Outcome, Permit, QuotaReading } from "../call/limiter.ts";
import { onAbort } from "../time/on-abort.ts";
import type { Ticket } from "./ticket.ts";
import type { Amounts } from "./amounts.ts";

/** What waits to start, and how to tell it to stop waiting. */
export interface AdmissionRequest {
  readonly id: string;
  readonly demand: Demand;
  /** Each step up gets four times the share. @default 0 */
  readonly priority?: number;
  /** @default one for all */
  readonly tenant?: string;
  /** Among equals, smaller goes first. */
  readonly sequence: number;
  readonly signal?: AbortSignal;
  /** A call that was let in once is not turned away because younger ones fill the queue. @default false */
  readonly again?: boolean;
}

/** Who waits for the permit: the two ends of a promise. */
export interface Caller {
  readonly resolve: (permit: Permit) => void;
  readonly reject: (error: CallError) => void;
}

/** Who is told what becomes of an attempt. */
export interface AttemptOwner {
  /** The caller no longer wants to wait. */
  withdraw(attempt: QueuedAttempt, error: CallError): void;
  /** The provider's headers came, or output did. */
  observe(attempt: QueuedAttempt, reading: QuotaReading): void;
  produced(attempt: QueuedAttempt, outputTokens: number): void;
  /** The attempt ended, or was given back without an outcome. */
  settle(attempt: QueuedAttempt, outcome: Outcome | undefined): void;
}

/**
 * One attempt on its way: the ticket that stands in the queue, the caller who waits for it, and the permit that it
 * becomes. They are one object because a million of them may wait.
 */
export class QueuedAttempt implements Ticket, Permit {
  state: Ticket["state"] = "queued";
  share = 0;
  grant = 0;
  grantedAt = 0;
  amounts: Amounts | undefined = undefined;
  readonly id: string;
  readonly demand: Demand;
  readonly tenant: string;
  readonly priority: number;
  readonly sequence: number;
  readonly #owner: AttemptOwner;
  readonly #signal: AbortSignal | undefined;
  #unwatch: (() => void) | undefined;
  readonly #resolve: (permit: Permit) => void;
  readonly #reject: (error: CallError) => void;

  constructor(request: AdmissionRequest, owner: AttemptOwner, { resolve, reject }: Caller) {
    const { id, demand, tenant = "", priority = 0, sequence, signal } = request;
    this.id = id;
    this.demand = demand;
    this.tenant = tenant;
    this.priority = priority;
    this.sequence = sequence;
    this.#owner = owner;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** How long it will take, more or less: a token is produced in the time in which fifty are read. */
  get size(): number {
    return this.demand.outputTokens + 0.02 * this.demand.inputTokens;
  }

  /** From here on the caller may change its mind; an attempt that is granted at once needs no listener. */
  watch(): void {
    const signal = this.#signal;
    if (signal === undefined) return;
    this.#unwatch = onAbort(signal, () => this.#owner.withdraw(this, cancellation(signal.reason)));
  }

  begin(): void {
    this.#unwatch?.();
    this.#resolve(this);
  }

  refuse(error: CallError): void {
    this.#unwatch?.();
    this.#reject(error);
  }

  observe(reading: QuotaReading): void {
    this.#owner.observe(this, reading);
  }

  produced(outputTokens: number): void {
    this.#owner.produced(this, outputTokens);
  }

  settle(outcome: Outcome): void {
    this.#owner.settle(this, outcome);
  }

  [Symbol.dispose](): void {
    this.#owner.settle(this, undefined);
  }
}
