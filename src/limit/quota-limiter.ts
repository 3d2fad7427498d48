import { CallError, cancellation } from "../call/call-error.ts";
import type { Call, Demand } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Limiter, Outcome, Permit, QuotaReading } from "../call/limiter.ts";
import type { Clock, Timer } from "../time/clock.ts";
import { Admission } from "./admission.ts";
import type { Bound, QueueOrder } from "./ticket.ts";
import type { LearnedLimits } from "./learned-limits.ts";
import type { LimitStats } from "./limit-stats.ts";
import type { Limits } from "./limits.ts";
import { type AdmissionRequest, type AttemptOwner, QueuedAttempt } from "./queued-attempt.ts";
import { DrainPace } from "./drain-pace.ts";
import { QuotaSet } from "./quota-set.ts";
import type { SharedLimits, SharingPool } from "./shared-limits.ts";
import type { StartLedger } from "./start-ledger.ts";

/** What a limiter is made of. */
export interface QuotaLimiterOptions {
  readonly clock: Clock;
  readonly limits?: Limits;
  /** How many calls may wait. One more fails with `queue_full`. @default 1_000_000 */
  readonly maxQueued?: number;
  /** In which order what waits may start, within its tenant and priority. @default 'fifo' */
  readonly order?: QueueOrder;
  /** What an earlier run has found out. @default nothing */
  readonly learned?: LearnedLimits;
  /** For how long a failure stops the pool, because a quota that is used up must come back. @default never */
  readonly parkedMs?: (error: CallError) => number | undefined;
}

/** The thin shell around one admission queue: it owns the promises and the pool's one timer, and decides nothing. */
export class QuotaLimiter implements Limiter, AttemptOwner, SharingPool {
  readonly #clock: Clock;
  readonly #maxQueued: number;
  readonly #quotas: QuotaSet;
  readonly #admission: Admission<QueuedAttempt>;
  readonly #parkedMs: (error: CallError) => number | undefined;
  readonly #pace = new DrainPace();
  #shared: SharedLimits | undefined;
  #timer: Timer | undefined;
  #timerAt = Infinity;
  #closed = false;
  #idle: (() => void)[] = [];

  constructor(options: QuotaLimiterOptions) {
    const {
      clock,
      limits = {},
      maxQueued = 1_000_000,
      order = "fifo",
      learned = {},
      parkedMs = () => undefined,
    } = options;
    if (!(maxQueued >= 1)) {
      throw new RangeError(`Cannot queue calls: "maxQueued" must be a number from 1, got ${String(maxQueued)}`);
    }
    if (order !== "fifo" && order !== "longest-first") {
      throw new RangeError(`Cannot queue calls: "order" must be 'fifo' or 'longest-first', got ${String(order)}`);
    }
    this.#clock = clock;
    this.#maxQueued = maxQueued;
    this.#parkedMs = parkedMs;
    this.#quotas = new QuotaSet(limits, learned, clock.now());
    this.#admission = new Admission(this.#quotas, order);
  }

  acquire({ id, demand, flow }: Call, { sequence, signal, attempt }: Context): Promise<Permit> {
    return this.admit({ id, demand, ...flow, sequence, signal, again: attempt > 1 });
  }

  /** Waits for a permit for anything that has a demand. Rejects with `CallError`. */
  admit(request: AdmissionRequest): Promise<Permit> {
    const { id, demand, signal, again = false } = request;
    if (signal?.aborted === true) return Promise.reject(cancellation(signal.reason));
    const refusal = this.#refusal(id, demand, again);
    if (refusal !== undefined) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      const attempt = new QueuedAttempt(request, this, { resolve, reject });
      this.#admission.enqueue(attempt);
      if (this.#admission.queued === 1) this.#pace.waits(this.#clock.now());
      this.pump();
      if (attempt.state === "queued") attempt.watch();
    });
  }

  earliestStart(demand: Demand): number {
    return this.#admission.earliestStart(this.#clock.now(), demand);
  }

  /** When such a demand would start if it joined the queue now, as near as that can be told. */
  predictedStart(demand: Demand): number {
    const now = this.#clock.now();
    const fitsAt = this.#admission.earliestStart(now, demand);
    const { queued, inFlight } = this.#admission;
    const drainedAt = now + queued * this.#pace.gapMs;
    if (fitsAt !== Infinity) return Math.max(fitsAt, drainedAt);
    return drainedAt + (inFlight > 0 ? this.#pace.gapMs : 0);
  }

  /** Keeps limits that it shares with other pools. */
  share(shared: SharedLimits): void {
    this.#shared = shared;
    this.#quotas.share(shared.dimensions);
  }

  historyOf(name: keyof Limits): StartLedger | undefined {
    return this.#quotas.historyOf(name);
  }

  get queued(): number {
    return this.#admission.queued;
  }

  get inFlight(): number {
    return this.#admission.inFlight;
  }

  /** How many calls may be in flight as things stand. */
  get concurrency(): number {
    return this.#quotas.concurrency;
  }

  get boundBy(): Bound | undefined {
    // Those that ran into it wait elsewhere.
    return this.#admission.hold.isParked(this.#clock.now()) ? "quota" : this.#admission.boundBy;
  }

  /** Milliseconds for which the provider still holds us off. */
  get heldMs(): number {
    return Math.max(0, this.#admission.hold.until - this.#clock.now());
  }

  stats(): readonly LimitStats[] {
    return this.#quotas.stats(this.#clock.now(), this.#admission.boundBy);
  }

  /** What was found out about the limits, for a next run. */
  get learned(): LearnedLimits {
    return this.#quotas.knowledge;
  }

  pause(): void {
    this.#admission.paused = true;
  }

  resume(): void {
    this.#admission.paused = false;
    this.pump();
  }

  /** Changes the named limits; calls that wait and no longer fit fail with `too_large`. */
  setLimits(limits: Limits): void {
    const named = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
    this.#quotas.configure(this.#clock.now(), named);
    const waiting = [...this.#admission.waiting()];
    for (const attempt of waiting) attempt.amounts = undefined;
    for (const attempt of waiting) {
      const refusal = this.#tooLarge(attempt.id, attempt.demand);
      if (refusal !== undefined) this.withdraw(attempt, refusal);
    }
    this.pump();
  }

  /** Ends what waits with `closed` and returns when the last permit has been settled. */
  close(): Promise<void> {
    this.#closed = true;
    for (const attempt of this.#admission.drain()) attempt.refuse(closedError());
    this.#arm();
    return this.#admission.inFlight === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  withdraw(attempt: QueuedAttempt, error: CallError): void {
    if (!this.#admission.withdraw(attempt)) return;
    attempt.refuse(error);
    this.pump();
  }

  observe(attempt: QueuedAttempt, reading: QuotaReading): void {
    this.#admission.observe(this.#clock.now(), attempt, reading);
    this.pump();
  }

  produced(attempt: QueuedAttempt, outputTokens: number): void {
    this.#admission.produced(this.#clock.now(), attempt, outputTokens);
  }

  settle(attempt: QueuedAttempt, outcome: Outcome | undefined): void {
    const parkedMs = outcome?.ok === false ? this.#parkedMs(outcome.error) : undefined;
    this.#admission.settle(this.#clock.now(), attempt, outcome, parkedMs);
    if (this.#shared === undefined) this.pump();
    else this.#shared.pump();
    if (this.#closed && this.#admission.inFlight === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #refusal(id: string, demand: Demand, again: boolean): CallError | undefined {
    if (this.#closed) return closedError();
    if (!again && this.#admission.queued >= this.#maxQueued) {
      return new CallError(
        "queue_full",
        `Cannot queue call ${id}: ${this.#maxQueued} calls wait already; wait for some to end or raise "maxQueued"`,
      );
    }
    return this.#tooLarge(id, demand);
  }

  #tooLarge(id: string, demand: Demand): CallError | undefined {
    const found = this.#admission.tooLargeFor(demand);
    if (found === undefined) return undefined;
    const { name, unit, largest } = found.dimension;
    return new CallError(
      "too_large",
      `Cannot start call ${id}: it needs ${Math.ceil(found.amount)} ${unitNames[unit]}, but ${name} is ${Math.floor(largest)}; shorten it, lower its maximum output, or raise the limit`,
    );
  }

  pump(): void {
    const now = this.#clock.now();
    for (let next = this.#admission.next(now); next !== undefined; next = this.#admission.next(now)) {
      this.#pace.started(now, this.#admission.queued > 0);
      next.begin();
    }
    this.#arm();
  }

  /** Keeps at most one timer, at the next time at which something can start; none when nothing waits for time. */
  #arm(): void {
    const at = this.#admission.queued === 0 ? Infinity : this.#admission.wakeAt;
    // A timer that fires too early costs one look at the queue; re-arming at every change would cost more.
    if (at !== Infinity && at >= this.#timerAt) return;
    this.#timer?.[Symbol.dispose]();
    this.#timerAt = at;
    this.#timer = at === Infinity ? undefined : this.#clock.schedule(at, this.#wake);
  }

  readonly #wake = (): void => {
    this.#timer = undefined;
    this.#timerAt = Infinity;
    this.pump();
  };
}

const unitNames = {
  slot: "slots",
  request: "requests",
  input: "input tokens",
  output: "output tokens",
  total: "tokens",
} as const;

const closedError = (): CallError => new CallError("closed", "The call was not started: the client is closed");
