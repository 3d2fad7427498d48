import type { QuotaLevel } from "../call/limiter.ts";
import type { KnownLimit } from "./known-limit.ts";
import { Pace } from "./pace.ts";
import { RateControl, usedShare } from "./rate-control.ts";
import { ServerLevel } from "./server-level.ts";
import { StartLedger } from "./start-ledger.ts";

/** What a pacer goes by. */
export interface RatePacerParts {
  readonly known: KnownLimit;
  readonly ledger: StartLedger;
  readonly periodMs: number;
}

/** A refused start. */
export interface RefusedStart {
  readonly now: number;
  /** The number of the refused attempt's grant, and of the newest one. */
  readonly grant: number;
  readonly newestGrant: number;
  readonly amount: number;
}

/** Of what was accepted of late, this much is looked at; a rate that is told is doubted only after a whole period. */
const acceptedMs = 10_000;
/** A level that was wrong by this much of the rate is not just a little late. */
const doubtfulMs = 500;
const shortestDoubtMs = 60_000;
const longestDoubtMs = 3_600_000;
/** While the provider's level sets the rate, the wait is looked at again this often. */
const recheckMs = 1000;
/** Quotas of longer periods are not spread over them: the job may have to end today. */
const longestPacedMs = 600_000;

/**
 * Spreads the starts of one quota: at its rate where that is known, after the provider's own level where headers show
 * it, and at what 429s leave of it where they do not.
 */
export class RatePacer {
  readonly #parts: RatePacerParts;
  readonly #pace = new Pace();
  readonly #control = new RateControl();
  readonly #server = new ServerLevel();
  readonly #refused = new StartLedger();
  #startedAt: number | undefined;
  #perMs = Infinity;
  #shapedFor = Infinity;
  #doubtMs = 0;
  #doubtedUntil = -Infinity;

  constructor(parts: RatePacerParts) {
    this.#parts = parts;
  }

  /** Whether anything keeps the starts apart. */
  get paces(): boolean {
    return this.#perMs !== Infinity;
  }

  /** The rate as 429s have left it. */
  get perMs(): number {
    return this.#control.perMs;
  }

  /** Whether that is far from what is told, or nothing is told. */
  get learned(): boolean {
    return this.#control.learned;
  }

  /** The rate to begin with in a next run. */
  get found(): number {
    return this.#control.found;
  }

  /** What the provider lets through at once: its bucket where headers show it, else what may safely be assumed. */
  get burst(): number {
    return this.#server.depth ?? this.#pace.burst;
  }

  /** The known limit has changed. */
  retell(now: number): void {
    const { known, periodMs } = this.#parts;
    const nominal = known.value === undefined || periodMs > longestPacedMs ? Infinity : known.value / periodMs;
    if (this.#control.tell(nominal)) this.#reshape(now);
  }

  /** Goes on from a rate that an earlier run has found. */
  resume(now: number, perMs: number): void {
    this.#control.resume(perMs);
    this.#reshape(now);
  }

  waitMs(now: number, amount: number): number {
    if (!this.paces) return 0;
    this.#advance(now);
    const fitting = this.#fitting(amount);
    const waitMs = this.#pace.waitMs(fitting, this.#pacing(now));
    if (!this.#steered(now)) return waitMs;
    // The level may come back faster than the rate says that it now allows.
    const soonMs = Math.min(waitMs, Math.max(recheckMs, this.#pace.waitMs(fitting, this.#perMs)));
    return Math.max(soonMs, this.#server.waitMs(now, fitting));
  }

  /** Whether `amount` waits for the provider's next window, which nobody can put off. */
  awaitsWindow(now: number, amount: number): boolean {
    return this.#inWindow(now) && this.#server.waitMs(now, this.#fitting(amount)) > 0;
  }

  /** Whether `amount`, taken now, leaves `head` its place at `at`. */
  leaves(now: number, at: number, head: number, amount: number): boolean {
    if (!this.paces || this.awaitsWindow(now, head)) return true;
    const { burst, level } = this.#pace;
    return Math.min(burst, level - amount + this.#pacing(now) * (at - now)) >= Math.min(head, burst);
  }

  take(now: number, amount: number): void {
    this.#startedAt ??= now;
    this.#server.take(amount);
    if (!this.paces) return;
    this.#advance(now);
    this.#pace.take(amount);
    // The provider's own level counts what this borrows.
    if (this.#steered(now)) this.#pace.raise(-this.#pace.burst);
  }

  settle(now: number, taken: number, used: number): void {
    if (!this.paces || taken === used) return;
    this.#advance(now);
    if (used > taken) this.#pace.take(used - taken);
    else this.#pace.giveBack(taken - used);
  }

  /** Takes in what the answer to a request sent at `sentAt`, which was counted as `own`, says of what is left. */
  observe(now: number, sentAt: number, own: number, level: QuotaLevel): void {
    if (!this.paces) return;
    this.#advance(now);
    if (!this.#server.read(now, { sentAt, own, level, perMs: this.#serverPerMs, ledger: this.#parts.ledger })) return;
    this.#pace.lower(Math.max(0, this.#inWindow(now) ? this.#server.likely : this.#server.atMost));
    this.#reshape(now);
    this.#credit(now);
  }

  /** Takes in a 429. */
  reject(refused: RefusedStart): void {
    const { now, amount } = refused;
    this.#refused.add(now, amount);
    this.#control.rejected(now);
    this.#doubt(now, amount);
    const explained = (this.#steered(now) && this.#server.likely < amount) || this.#overspent(now);
    this.#server.emptied();
    // A level that is known to be low, or was run down before the limit was known, is not the rate's fault.
    if (!explained) this.#cut(refused);
    this.#advance(now);
    this.#pace.lower(0);
  }

  #overspent(now: number): boolean {
    const { known, periodMs, ledger } = this.#parts;
    const from = now - periodMs;
    return known.value !== undefined && ledger.since(from) - this.#refused.since(from) > known.value;
  }

  #cut({ now, grant, newestGrant }: RefusedStart): void {
    const { known, periodMs, ledger } = this.#parts;
    const accepted = (since: number): number => Math.max(0, ledger.since(since) - this.#refused.since(since));
    // Nothing was let in since the last cut: the quota is used up, and that says nothing about the rate.
    if (accepted(this.#control.cutAt) === 0) return;
    const sinceStartMs = Math.max(1000, now - (this.#startedAt ?? now));
    const perMsOver = (ms: number): number => accepted(now - Math.min(ms, sinceStartMs)) / Math.min(ms, sinceStartMs);
    const longMs = perMsOver(periodMs);
    const acceptedPerMs = known.value === undefined ? Math.max(longMs, perMsOver(acceptedMs)) : longMs;
    if (this.#control.reject({ now, grant, newestGrant, acceptedPerMs })) this.#reshape(now);
  }

  #fitting(amount: number): number {
    return Math.min(amount, this.#parts.known.value ?? Infinity);
  }

  #reshape(now: number): void {
    this.#shapedFor = this.#control.perMs;
    this.#perMs = this.#control.perMs / usedShare;
    if (!this.paces) return;
    // A provider that can hold little at once is met with less than it holds.
    const depth = this.#server.depth ?? Infinity;
    const share = Math.min(1, depth / (4 * this.#perMs * 1000));
    this.#pace.shape(this.#control.perMs, this.#parts.known.value ?? Infinity, share);
    this.#pace.advance(now, this.#control.perMs);
  }

  /** The rate at which the provider's own level comes back. */
  get #serverPerMs(): number {
    const { known, periodMs } = this.#parts;
    return known.told === undefined ? this.#perMs : known.told / periodMs;
  }

  /** Headers that show room for what is then refused are not gone by for a while, each time for twice as long. */
  #doubt(now: number, amount: number): void {
    if (!this.#steered(now) || this.#server.likely < amount + doubtfulMs * this.#perMs) return;
    this.#doubtMs = Math.min(longestDoubtMs, this.#doubtMs === 0 ? shortestDoubtMs : 2 * this.#doubtMs);
    this.#doubtedUntil = now + this.#doubtMs;
  }

  /** Whether the rate follows the provider's level. */
  #steered(now: number): boolean {
    if (now < this.#doubtedUntil) return false;
    return this.#parts.known.isTheProviders && this.#server.steers(now, this.#serverPerMs);
  }

  #inWindow(now: number): boolean {
    return this.#server.kind === "window" && this.#steered(now);
  }

  #pacing(now: number): number {
    if (!this.#steered(now)) return this.#control.perMs;
    const perMs = this.#server.pacePerMs(now, this.#serverPerMs);
    return this.#control.learned ? Math.min(perMs, this.#control.perMs) : perMs;
  }

  #advance(now: number): void {
    this.#control.advance(now);
    this.#server.advance(now, this.#serverPerMs);
    if (this.#control.perMs !== this.#shapedFor) this.#reshape(now);
    this.#pace.advance(now, this.#pacing(now));
    this.#credit(now);
  }

  #credit(now: number): void {
    if (this.#server.kind === "bucket" && !this.#control.learned && this.#steered(now))
      this.#pace.raise(this.#server.credit(this.#serverPerMs));
  }
}
