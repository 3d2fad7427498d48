import type { QuotaClaim } from "../call/call-error.ts";
import type { QuotaLevel } from "../call/limiter.ts";
import type { Dimension, Unit } from "./dimension.ts";
import { KnownLimit } from "./known-limit.ts";
import type { LearnedRate } from "./learned-limits.ts";
import type { LimitStats } from "./limit-stats.ts";
import type { Limits } from "./limits.ts";
import { RatePacer, type RefusedStart } from "./rate-pacer.ts";
import { RollingWindow } from "./rolling-window.ts";
import { StartLedger } from "./start-ledger.ts";

/** Which quota it is. */
export interface RateQuotaOptions {
  readonly name: keyof Limits;
  readonly unit: Unit;
  readonly periodMs: number;
  /** Counts the same unit already; what it remembers counts here too. @default one of its own */
  readonly ledger?: StartLedger;
  /** Without such a ledger: what was started up to here is not known. @default -Infinity */
  readonly since?: number;
}

/** A 429 that a quota is to blame for. */
export interface RateRejection extends RefusedStart {
  readonly hintMs: number | undefined;
  /** What the provider says of the quota. */
  readonly claim: QuotaClaim | undefined;
}

/** Nobody asks to wait for hours; a hint above this is not a hold but an exhausted quota. */
const longestHoldMs = 120_000;
/** A call that waits so long for the cap needs what was started all at once: until that is gone, others may go. */
const longWaitMs = 1000;
const minuteMs = 60_000;

/**
 * One quota of requests or tokens per period, known from configuration, from headers, from 429s, or not at all.
 *
 * A configured limit is a hard cap in any rolling period; inside it, and for limits that only the provider tells, the
 * starts are paced.
 */
export class RateQuota implements Dimension {
  readonly name: keyof Limits;
  readonly unit: Unit;
  readonly periodMs: number;
  readonly ledger: StartLedger;
  readonly #shares: boolean;
  readonly #since: number;
  readonly #known = new KnownLimit();
  readonly #window: RollingWindow;
  readonly #pacer: RatePacer;
  #heldUntil = -Infinity;
  /** What the attempts in flight have reserved. */
  #inFlight = 0;

  constructor({ name, unit, periodMs, ledger, since = -Infinity }: RateQuotaOptions) {
    this.name = name;
    this.unit = unit;
    this.periodMs = periodMs;
    this.ledger = ledger ?? new StartLedger();
    this.#shares = ledger !== undefined;
    this.#since = since;
    this.#window = new RollingWindow(periodMs);
    for (const [at, amount] of this.ledger.entries(-Infinity)) this.#window.take(at, amount);
    this.#pacer = new RatePacer({ known: this.#known, ledger: this.ledger, periodMs });
  }

  /** Only what is configured refuses a call for good. */
  get largest(): number {
    return this.#known.configured ?? Infinity;
  }

  /** What is known to be allowed per period. */
  get limit(): number | undefined {
    return this.#known.value;
  }

  get heldUntil(): number {
    return this.#heldUntil;
  }

  /** Whether anything keeps its starts apart. */
  get paces(): boolean {
    return this.#pacer.paces;
  }

  /** Sets the limit that the user gives; what was started before counts. */
  configure(now: number, limit: number | undefined): void {
    this.#known.configure(limit);
    this.#window.limit = limit ?? Infinity;
    this.#pacer.retell(now);
  }

  /** Goes on from what an earlier run has learned. */
  resume(now: number, { limit, perMs }: LearnedRate): void {
    if (limit !== undefined) {
      this.#known.recall(limit);
      this.#pacer.retell(now);
    } else if (perMs !== undefined) this.#pacer.resume(now, perMs);
  }

  /** What is worth knowing in the next run: what the provider states as it is, the rest as a rate to try again. */
  get knowledge(): LearnedRate | undefined {
    const { told, stated, configured } = this.#known;
    if (stated !== undefined) return { limit: stated };
    if (told !== undefined) return { perMs: told / this.periodMs };
    return configured === undefined && this.paces ? { perMs: this.#pacer.found } : undefined;
  }

  waitMs(now: number, amount: number): number {
    if (amount <= 0) return 0;
    const heldMs = Math.max(0, this.#heldUntil - now);
    return Math.max(heldMs, this.#window.waitMs(now, amount), this.#pacer.waitMs(now, amount));
  }

  spares(now: number, amount: number): boolean {
    if (this.#heldUntil > now) return false;
    const cappedMs = this.#window.waitMs(now, amount);
    return cappedMs > 0 ? cappedMs > longWaitMs : this.#pacer.awaitsWindow(now, amount);
  }

  passes(now: number, at: number, head: number, amount: number): boolean {
    if (amount <= 0) return true;
    return this.#window.waitMs(now, head + amount) <= at - now && this.#pacer.leaves(now, at, head, amount);
  }

  take(now: number, amount: number): void {
    this.#inFlight += amount;
    if (!this.#shares) this.ledger.add(now, amount);
    this.#pacer.take(now, amount);
    this.#window.take(now, amount);
  }

  adjust(now: number, takenAt: number, taken: number, more: number): void {
    if (takenAt <= this.#since) return;
    this.#inFlight += more - taken;
    this.#window.settle(now, takenAt, taken, more);
    this.#pacer.settle(now, taken, more);
  }

  settle(now: number, takenAt: number, taken: number, used: number): void {
    if (takenAt <= this.#since) return;
    this.#inFlight -= taken;
    this.#window.settle(now, takenAt, taken, used);
    this.#pacer.settle(now, taken, used);
  }

  used(now: number): number {
    return this.#window.used(now);
  }

  /** Takes in what the answer to a request sent at `sentAt`, which was counted as `own`, says of this quota. */
  observe(now: number, sentAt: number, own: number, level: QuotaLevel): void {
    const { limit, remaining } = level;
    if (limit !== undefined && !(limit > 0)) return;
    if (limit !== undefined) this.#known.state(now, limit);
    this.#pacer.retell(now);
    // A level under a higher limit than the one that counts is of another quota.
    if (remaining === undefined || (limit !== undefined && limit !== this.#known.stated)) return;
    this.#pacer.observe(now, sentAt, own, { ...level, remaining: remaining - this.#coming(sentAt) });
  }

  /** Takes in a 429 that this quota is to blame for. */
  reject({ hintMs, claim, ...refused }: RateRejection): void {
    const { now } = refused;
    if (hintMs !== undefined) this.#heldUntil = Math.max(this.#heldUntil, now + Math.min(hintMs, longestHoldMs));
    if (claim !== undefined && (claim.periodMs ?? minuteMs) === this.periodMs) this.#known.claim(now, claim.limit);
    this.#pacer.retell(now);
    this.#pacer.reject(refused);
  }

  /** How it stands; nothing when nobody knows a limit. */
  stats(now: number, binding: boolean): LimitStats | undefined {
    const { value, source } = this.#known;
    const { learned } = this.#pacer;
    if (value === undefined && !this.paces) return undefined;
    return {
      name: this.name,
      value: learned || value === undefined ? Math.round(this.#pacer.perMs * this.periodMs) : value,
      source: learned || value === undefined ? "learned" : source,
      used: this.used(now),
      periodMs: this.periodMs,
      ...(this.paces ? { burst: this.#pacer.burst } : {}),
      ...(binding ? { binding } : {}),
    };
  }

  /** Output counts when it is produced: of what was let in before a request, half is still to come. */
  #coming(sentAt: number): number {
    return this.unit === "output" ? Math.max(0, this.#inFlight - this.ledger.since(sentAt)) / 2 : 0;
  }
}
