import type { QuotaLevel } from "../call/limiter.ts";
import { ServerModel, type ServerKind } from "./server-model.ts";
import type { StartLedger } from "./start-ledger.ts";

/** One answer's word about a quota, and what is needed to understand it. */
export interface LevelReading {
  /** When its request was sent, and what that took. */
  readonly sentAt: number;
  readonly own: number;
  readonly level: QuotaLevel;
  /** How fast the quota comes back. */
  readonly perMs: number;
  /** What was sent when. */
  readonly ledger: StartLedger;
}

/** Requests overtake each other on their way: what was sent this long before a reading's request may not be in it yet. */
const jitterMs = 1000;
/** A bucket that holds less than this of its own rate cannot be steered by: the readings are older than that. */
const shallowMs = 4000;
/** A window that is shorter than this has ended before its readings are of use. */
const shortestWindowMs = 20_000;
/** Windows end a little later than their readings say: a request that is early counts in the old one. */
const windowMarginMs = 200;
/** Readings older than this say nothing. */
const staleMs = 180_000;
/** Never quite stop: only an answer tells that the level has come back. */
const slowestShare = 0.02;
const fastestShare = 3;

/**
 * The provider's own level of one quota, as far as its headers tell: each reading is carried forward to now by what
 * was sent since its request and by what came back.
 *
 * `est(now) = remaining − quantum/2 + rate·(now − sent) − (sent since)`, the rate only for a bucket. `likely` counts
 * from the reading's request; `safe` counts from a second before it, and is what bursts may be paid from. The rate
 * follows the level, proportionally: `rate·est/setpoint`, so that others who use the same key are made room for
 * before the provider has to refuse anybody.
 */
export class ServerLevel {
  readonly #model = new ServerModel();
  #likely = Infinity;
  #safe = Infinity;
  #atMost = Infinity;
  #at = 0;
  #readAt = -Infinity;
  /** How old a reading is when it arrives, on average. */
  #ageMs = 0;
  #depth = 0;
  #limit = 0;
  #windowEnd = Infinity;
  #longestResetMs = 0;
  #periodMs = 60_000;

  get kind(): ServerKind {
    return this.#model.kind;
  }

  /** What the provider holds when it is full, where that is known. */
  get depth(): number | undefined {
    return this.kind === "bucket" ? this.#depth : undefined;
  }

  /** When the window ends in which the provider counts. */
  get windowEnd(): number {
    return this.#windowEnd;
  }

  get likely(): number {
    return this.#likely;
  }

  /** The most that can be left, however it comes back. */
  get atMost(): number {
    return this.#atMost;
  }

  /** Whether the rate is to follow the readings. */
  steers(now: number, perMs: number): boolean {
    if (now - this.#readAt > staleMs) return false;
    if (this.kind === "bucket") return this.#depth >= shallowMs * perMs;
    return this.kind === "window" && this.#longestResetMs >= shortestWindowMs;
  }

  /** Takes in what the answer to a request sent at `sentAt` says; false when it is no news. */
  read(now: number, { sentAt, own, level, perMs, ledger }: LevelReading): boolean {
    const { remaining, resetMs, limit = this.#limit, quantum = 1, periodMs = 60_000 } = level;
    if (remaining === undefined || sentAt < this.#readAt) return false;
    this.#periodMs = periodMs;
    this.#limit = limit;
    if (resetMs !== undefined) this.#model.observe({ sentAt, remaining, resetMs }, perMs);
    this.#readAt = sentAt;
    this.#ageMs += 0.1 * (now - sentAt - this.#ageMs);
    this.#anchor(now, sentAt, remaining, resetMs, perMs);
    this.#at = now;
    const left = remaining - (quantum - 1) / 2;
    const since = ledger.since(sentAt);
    this.#atMost = this.#model.hopeless ? Infinity : left + (now - sentAt) * perMs - since;
    if (this.#turnedSince(sentAt, resetMs)) {
      this.#begin(ledger);
      return true;
    }
    const carried = left + this.#refill(now - sentAt, perMs);
    this.#likely = carried - since;
    this.#safe = carried + own - ledger.since(sentAt - jitterMs);
    return true;
  }

  advance(now: number, perMs: number): void {
    if (now <= this.#at) return;
    const refill = this.#refill(now - this.#at, perMs);
    this.#atMost += (now - this.#at) * perMs;
    this.#at = now;
    this.#likely = this.#capped(this.#likely + refill);
    this.#safe = this.#capped(this.#safe + refill);
    if (this.kind === "window") while (now >= this.#windowEnd + windowMarginMs) this.#turn();
  }

  take(amount: number): void {
    this.#atMost -= amount;
    this.#likely -= amount;
    this.#safe -= amount;
  }

  /** The provider has refused: whatever its headers said, nothing is left. */
  emptied(): void {
    this.#likely = Math.min(this.#likely, 0);
    this.#safe = Math.min(this.#safe, 0);
    this.#atMost = Math.min(this.#atMost, 0);
  }

  /** What may be taken at once, above the pace. */
  credit(perMs: number): number {
    return this.#safe - this.#setpoint(perMs);
  }

  /** The rate that keeps the level where it should be; only where it `steers`. */
  pacePerMs(now: number, perMs: number): number {
    if (this.kind === "bucket") {
      return perMs * Math.min(1, Math.max(slowestShare, this.#likely / this.#setpoint(perMs)));
    }
    const leftMs = Math.max(1, this.#windowEnd + windowMarginMs - now);
    const spread = (this.#likely - 0.002 * this.#limit) / leftMs;
    return perMs * Math.min(fastestShare, Math.max(slowestShare, spread / perMs));
  }

  /** Milliseconds until the window ends, for what does not fit into the rest of it. */
  waitMs(now: number, amount: number): number {
    // What needs a whole window goes first in the next one, whatever has slipped in before it.
    const needed = Math.min(amount, 0.95 * this.#limit) + 0.002 * this.#limit;
    if (this.kind !== "window" || needed <= this.#likely) return 0;
    return Math.max(0, this.#windowEnd + windowMarginMs - now);
  }

  #anchor(now: number, sentAt: number, remaining: number, resetMs: number | undefined, perMs: number): void {
    if (resetMs === undefined) return;
    if (this.kind === "bucket") this.#depth = Math.min(this.#limit, Math.max(remaining, remaining + resetMs * perMs));
    this.#longestResetMs = Math.max(this.#longestResetMs, resetMs);
    this.#windowEnd = sentAt + resetMs;
    while (this.#windowEnd + windowMarginMs <= now && this.#periodMs > 0) this.#windowEnd += this.#periodMs;
  }

  /** Whether the window that a reading speaks of has ended meanwhile. */
  #turnedSince(sentAt: number, resetMs: number | undefined): boolean {
    return this.kind === "window" && resetMs !== undefined && this.#windowEnd > sentAt + resetMs + windowMarginMs;
  }

  /** Of a window that no reading has spoken of yet, all is left but what was sent since it began. */
  #begin(ledger: StartLedger): void {
    this.#likely = this.#limit - ledger.since(this.#windowEnd - this.#periodMs);
    this.#safe = this.#limit - ledger.since(this.#windowEnd - this.#periodMs - jitterMs);
  }

  #refill(ms: number, perMs: number): number {
    return this.kind === "bucket" ? ms * perMs : 0;
  }

  #capped(level: number): number {
    return this.kind === "bucket" ? Math.min(level, this.#depth) : level;
  }

  /** A new window begins with all of the limit. */
  #turn(): void {
    this.#windowEnd += this.#periodMs;
    this.#likely = this.#limit;
    this.#safe = this.#limit;
  }

  /** A level that is high enough to see others coming, and low enough to leave little unused. */
  #setpoint(perMs: number): number {
    const wanted = Math.max(0.02 * this.#limit, 2 * jitterMs * perMs, 1.5 * perMs * this.#ageMs);
    const most = this.kind === "bucket" ? Math.min(this.#depth, this.#limit) : this.#limit;
    return Math.min(wanted, 0.4 * most);
  }
}
