import type { Clock } from "../time/clock.ts";
import type { QuotaUnit } from "./account.ts";
import type { SharedQuota } from "./quota-shared.ts";
import type { Quota } from "./quota.ts";
import { RollingSum } from "./rolling-sum.ts";
import { SecondSeries } from "./second-series.ts";
import type { QuotaBooks } from "./virtual-books.ts";

/** A quota that remembers what it was at every second, and what its client got. */
export class MeteredQuota implements Quota {
  readonly unit: QuotaUnit;
  readonly limit: number;
  readonly periodMs: number;
  readonly #quota: SharedQuota;
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #given = new SecondSeries();
  readonly #charged = new SecondSeries();
  readonly #rolling: RollingSum;
  /** At the beginning of each second. */
  readonly #levels: number[] = [];
  readonly #foreign: number[] = [];
  #total = 0;
  #worst = 0;
  #nextSampleAt: number;

  constructor(quota: SharedQuota, unit: QuotaUnit, clock: Clock) {
    this.unit = unit;
    this.limit = quota.limit;
    this.periodMs = quota.periodMs;
    this.#quota = quota;
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#nextSampleAt = this.#startedAt;
    this.#rolling = new RollingSum(quota.periodMs);
  }

  /** Notes that the client got something, charged before or not. */
  give(now: number, amount: number): void {
    if (amount === 0) return;
    this.#given.add(now - this.#startedAt, amount);
    this.#rolling.add(now, amount);
    this.#total += amount;
    this.#worst = Math.max(this.#worst, this.#rolling.sum(now));
  }

  charge(now: number, amount: number): void {
    this.#sample(now);
    this.#quota.charge(now, amount);
    this.#charged.add(now - this.#startedAt, amount);
  }

  waitMs(now: number, amount: number): number {
    this.#sample(now);
    return this.#quota.waitMs(now, amount);
  }

  level(now: number): number {
    this.#sample(now);
    return this.#quota.level(now);
  }

  resetMs(now: number): number {
    this.#sample(now);
    return this.#quota.resetMs(now);
  }

  grantable(span: Parameters<Quota["grantable"]>[0]): number {
    return this.#quota.grantable(span);
  }

  /** What the client was given in the whole seconds between two times after the start. */
  givenBetween(fromMs: number, toMs: number): number {
    return this.#given.sum(fromMs, toMs);
  }

  /** What the others were given between two times after the start. */
  foreignBetween(fromMs: number, toMs: number): number {
    return this.#foreignUntil(toMs) - this.#foreignUntil(fromMs);
  }

  /** What all could have had together between two times after the start. */
  grantableBetween(fromMs: number, toMs: number): number {
    this.#sample(this.#clock.now());
    const from = Math.round(fromMs / secondMs);
    const level = this.#levels[from] ?? this.#quota.level(this.#clock.now());
    const at = this.#startedAt;
    return this.#quota.grantable({
      fromMs: at + from * secondMs,
      toMs: at + Math.round(toMs / secondMs) * secondMs,
      level,
      charged: (begin, end) =>
        this.#charged.sum(begin - at, end - at) + this.foreignBetween(Math.max(0, begin - at), Math.max(0, end - at)),
    });
  }

  books(): QuotaBooks {
    const { unit, limit, periodMs } = this;
    const foreign = this.#quota.foreign(this.#clock.now());
    return { unit, limit, periodMs, taken: this.#total, foreign, worst: this.#worst, perSecond: this.#given.values() };
  }

  #foreignUntil(ms: number): number {
    this.#sample(this.#clock.now());
    return this.#foreign[Math.round(ms / secondMs)] ?? this.#quota.foreign(this.#clock.now());
  }

  /** Called before whatever changes the quota or moves its time. */
  #sample(now: number): void {
    for (; this.#nextSampleAt <= now; this.#nextSampleAt += secondMs) {
      this.#levels.push(this.#quota.level(this.#nextSampleAt));
      this.#foreign.push(this.#quota.foreign(this.#nextSampleAt));
    }
  }
}

const secondMs = 1000;
