import { CallError, cancellation } from "../call/call-error.ts";
import type { Call, Demand } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Limiter, Outcome, Permit } from "../call/limiter.ts";
import type { Clock, Timer } from "../time/clock.ts";
import { Admission, type Amounts, type Bound } from "./admission.ts";
import { amountsOf, amountsUsed } from "./amounts.ts";
import { dimensionsOf } from "./dimensions.ts";
import type { LimitStats } from "./limit-stats.ts";
import type { Limits } from "./limits.ts";
import { limitStats } from "./limit-stats-of.ts";
import { type AdmissionRequest, type AttemptOwner, QueuedAttempt } from "./queued-attempt.ts";

/** What a limiter is made of. */
export interface QuotaLimiterOptions {
  readonly clock: Clock;
  readonly limits?: Limits;
  /** How many calls may wait. One more fails with `queue_full`. @default 1_000_000 */
  readonly maxQueued?: number;
}

/** The thin shell around one admission queue: it owns the promises and the pool's one timer, and decides nothing. */
export class QuotaLimiter implements Limiter, AttemptOwner {
  readonly #clock: Clock;
  readonly #maxQueued: number;
  readonly #admission: Admission<QueuedAttempt>;
  #limits: Limits;
  #timer: Timer | undefined;
  #timerAt = Infinity;
  #closed = false;
  #idle: (() => void)[] = [];

  constructor({ clock, limits = {}, maxQueued = 1_000_000 }: QuotaLimiterOptions) {
    if (!(maxQueued >= 1)) {
      throw new RangeError(`Cannot queue calls: "maxQueued" must be a number from 1, got ${String(maxQueued)}`);
    }
    this.#clock = clock;
    this.#limits = limits;
    this.#maxQueued = maxQueued;
    this.#admission = new Admission(dimensionsOf(limits));
  }

  acquire({ id, demand, flow }: Call, { sequence, signal, attempt }: Context): Promise<Permit> {
    return this.admit({ id, demand, priority: flow?.priority ?? 0, sequence, signal, again: attempt > 1 });
  }

  /** Waits for a permit for anything that has a demand. Rejects with `CallError`. */
  admit(request: AdmissionRequest): Promise<Permit> {
    const { id, demand, signal, again = false } = request;
    if (signal?.aborted === true) return Promise.reject(cancellation(signal.reason));
    const amounts = amountsOf(demand, this.#limits);
    const refusal = this.#refusal(id, amounts, again);
    if (refusal !== undefined) return Promise.reject(refusal);
    const attempt = new QueuedAttempt(request, amounts, this);
    this.#admission.enqueue(attempt);
    this.#pump();
    if (attempt.state === "queued") attempt.watch();
    return attempt.granted;
  }

  earliestStart(demand: Demand): number {
    return this.#admission.earliestStart(this.#clock.now(), amountsOf(demand, this.#limits));
  }

  get queued(): number {
    return this.#admission.queued;
  }

  get inFlight(): number {
    return this.#admission.inFlight;
  }

  /** How many calls may be in flight as things stand. */
  get concurrency(): number {
    return this.#admission.dimensions.find(({ unit }) => unit === "slot")?.largest ?? 1;
  }

  get boundBy(): Bound | undefined {
    return this.#admission.boundBy;
  }

  /** Milliseconds for which the provider still holds us off. */
  get heldMs(): number {
    return Math.max(0, this.#admission.hold.until - this.#clock.now());
  }

  stats(): readonly LimitStats[] {
    return limitStats(this.#clock.now(), this.#admission.dimensions, this.#limits);
  }

  pause(): void {
    this.#admission.paused = true;
  }

  resume(): void {
    this.#admission.paused = false;
    this.#pump();
  }

  /** Changes the named limits; calls that wait and no longer fit fail with `too_large`. */
  setLimits(limits: Limits): void {
    const named = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
    const changed: Limits = { ...this.#limits, ...named };
    this.#admission.replace(dimensionsOf(changed, this.#admission.dimensions, this.#clock.now()));
    this.#limits = changed;
    const waiting = [...this.#admission.waiting()];
    for (const attempt of waiting) {
      attempt.amounts = amountsOf(attempt.demand, changed);
      const refusal = this.#tooLarge(attempt.id, attempt.amounts);
      if (refusal !== undefined) this.withdraw(attempt, refusal);
    }
    this.#pump();
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
    this.#pump();
  }

  settle(attempt: QueuedAttempt, outcome: Outcome | undefined): void {
    const now = this.#clock.now();
    const { used, lesson } = amountsUsed(attempt.amounts, outcome, this.#limits);
    const throttled = outcome?.ok === false && outcome.error.code === "throttled" ? outcome.error : undefined;
    const holds = throttled !== undefined && !this.#onlyCrowded(throttled);
    if (holds && attempt.state === "granted") this.#admission.throttled(now, attempt, throttled.retryAfterMs);
    this.#admission.settle(now, attempt, used, lesson, holds);
    this.#pump();
    if (this.#closed && this.#admission.inFlight === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /**
   * Too many at once is answered by fewer at once: the limit is cut, and the next starts when another call ends. Waiting
   * besides would leave slots idle.
   */
  #onlyCrowded({ exceeded, retryAfterMs }: CallError): boolean {
    const adaptive = (this.#limits.maxConcurrent ?? "auto") === "auto";
    return adaptive && exceeded === "concurrency" && retryAfterMs === undefined && this.#admission.inFlight > 1;
  }

  #refusal(id: string, amounts: Amounts, again: boolean): CallError | undefined {
    if (this.#closed) return closedError();
    if (!again && this.#admission.queued >= this.#maxQueued) {
      return new CallError(
        "queue_full",
        `Cannot queue call ${id}: ${this.#maxQueued} calls wait already; wait for some to end or raise "maxQueued"`,
      );
    }
    return this.#tooLarge(id, amounts);
  }

  #tooLarge(id: string, amounts: Amounts): CallError | undefined {
    const dimension = this.#admission.tooLargeFor(amounts);
    if (dimension === undefined) return undefined;
    const need = Math.ceil(amounts[dimension.unit]);
    const limit = Math.floor(dimension.largest);
    return new CallError(
      "too_large",
      `Cannot start call ${id}: it needs ${need} ${unitNames[dimension.unit]}, but ${dimension.name} is ${limit}; shorten it, lower its maximum output, or raise the limit`,
    );
  }

  #pump(): void {
    const now = this.#clock.now();
    for (let next = this.#admission.next(now); next !== undefined; next = this.#admission.next(now)) next.grant();
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
    this.#pump();
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
