import type { Rng } from "../time/rng.ts";
import { type BreakerOptions, breakerSettings } from "./breaker-options.ts";
import { LogHistogram } from "./log-histogram.ts";
import { OutcomeRing } from "./outcome-ring.ts";
import { RecoveryRound } from "./recovery-round.ts";

/** Closed: calls go through. Open: none do. Half-open: a few do, to find out. */
export type BreakerState = "closed" | "open" | "half-open";

/**
 * What an attempt says about the deployment: `answered` is a refusal that shows it alive, `unknown` says nothing (a 429
 * is the quota's affair, a cancelled call the caller's).
 */
export type Verdict = "succeeded" | "answered" | "failed" | "unreachable" | "unknown";

/** Leave to make one attempt. */
export interface Entry {
  /** In which epoch the attempt started; until then, in which it was let in. */
  epoch: number;
  startedAt?: number;
  /** Its verdict is in already: the first sign of life decides a try, not its end. */
  judged?: boolean;
}

/**
 * Leaves a deployment alone that fails, and finds out gently when it works again (Nygard, "Release It!", 2007): open, then
 * one try, then three successes, then a quarter, a half and all of the former crowd.
 *
 * Each change of state or round begins an epoch, and only attempts that started in the current one count: what was in
 * flight before says nothing about now. Pure: every verb takes the time.
 */
export class CircuitBreaker {
  readonly #settings: Required<BreakerOptions>;
  readonly #rng: Rng;
  readonly #ring = new OutcomeRing();
  readonly #durations = new LogHistogram();
  #state: BreakerState = "closed";
  #epoch = 0;
  /** Before anything has succeeded it never opens: a wrong address or key must fail, not wait. */
  #proven = false;
  #failedInARow = 0;
  /** When the first of them ended, and how many attempts that had begun by then have not ended yet. */
  #rowBeganAt = 0;
  #outlasting = 0;
  #unreachableInARow = 0;
  #inFlight = 0;
  #peak = 0;
  #openings = 0;
  #openUntil = 0;
  #round = new RecoveryRound(0, 0, 0);
  #reason = "";

  constructor({ rng, ...options }: BreakerOptions & { readonly rng: Rng }) {
    this.#settings = breakerSettings(options);
    this.#rng = rng;
  }

  /** Lets one attempt in, or nobody now: then ask again at `retryAt`, or when an attempt has ended. */
  enter(now: number): Entry | undefined {
    this.#advance(now);
    if (this.#state === "open") {
      if (now < this.#openUntil) return undefined;
      this.#begin(now, 0);
    }
    if (this.#state === "half-open" && !this.#round.take()) return undefined;
    return { epoch: this.#epoch };
  }

  /** The attempt's request goes out. */
  started(now: number, entry: Entry): void {
    this.#advance(now);
    entry.startedAt = now;
    this.#inFlight += 1;
    if (this.#state === "closed") this.#peak = Math.max(this.#peak, this.#inFlight);
    if (this.#state === "half-open") this.#round.start(entry.epoch !== this.#epoch);
    entry.epoch = this.#epoch;
  }

  /** The provider has begun to answer. */
  alive(now: number, entry: Entry): void {
    if (this.state(now) !== "half-open" || entry.epoch !== this.#epoch || entry.judged === true) return;
    entry.judged = true;
    this.#judge(now, entry, "answered");
  }

  /** The attempt is over, or was given up before it started. Once per entry. */
  ended(now: number, entry: Entry, verdict: Verdict): void {
    this.#advance(now);
    if (entry.startedAt !== undefined) {
      this.#inFlight -= 1;
      if (entry.startedAt <= this.#rowBeganAt) this.#outlasting -= 1;
    }
    if (verdict === "succeeded" && entry.startedAt !== undefined) this.#durations.add(now - entry.startedAt);
    if (entry.epoch !== this.#epoch || entry.judged === true) return;
    const said = entry.startedAt === undefined ? "unknown" : verdict;
    if (this.#state === "half-open") this.#judge(now, entry, said);
    else if (this.#state === "closed") this.#count(now, said);
  }

  state(now: number): BreakerState {
    this.#advance(now);
    return this.#state;
  }

  /** When it may let somebody in: `now` if it would at once. */
  retryAt(now: number): number {
    this.#advance(now);
    if (this.#state === "open") return Math.max(now, this.#openUntil);
    return this.#state === "closed" || this.#round.hasPlace ? now : this.#round.endsAt;
  }

  /** Whether the first sign of life of an attempt matters. */
  get recovering(): boolean {
    return this.#state === "half-open";
  }

  /** Changes with each change of state or round. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Whether a try has failed since it opened: then it is no hiccup. */
  get confirmed(): boolean {
    return this.#openings > 1;
  }

  /** Why it is open, as a clause. */
  get reason(): string {
    return this.#reason;
  }

  /** A round that nobody ends is ended by time. */
  #advance(now: number): void {
    while (this.#state === "half-open" && now >= this.#round.endsAt) {
      const { endsAt, verdict } = this.#round;
      if (verdict === "passed") this.#begin(endsAt, this.#round.index + 1);
      else if (verdict === "failed") this.#open(endsAt, "the attempt that tried it again did not end in time");
      else {
        // Our own limiter kept the try waiting: the deployment is no more suspect than before.
        this.#openings -= 1;
        this.#open(endsAt, this.#reason);
      }
    }
  }

  #judge(now: number, entry: Entry, verdict: Verdict): void {
    const round = this.#round;
    round.leave(entry.startedAt !== undefined);
    if (verdict === "succeeded" || verdict === "answered") {
      if (round.succeed()) this.#begin(now, round.index + 1);
    } else if (verdict !== "unknown" && round.fail()) this.#open(now, "the attempt that tried it again failed");
  }

  #count(now: number, verdict: Verdict): void {
    if (!this.#proven) return verdict === "succeeded" ? this.#prove() : undefined;
    if (verdict === "unknown") return undefined;
    const failed = verdict === "failed" || verdict === "unreachable";
    this.#ring.add(now, failed);
    this.#failedInARow = failed ? this.#failedInARow + 1 : 0;
    if (this.#failedInARow === 1) [this.#rowBeganAt, this.#outlasting] = [now, this.#inFlight];
    this.#unreachableInARow = verdict === "unreachable" ? this.#unreachableInARow + 1 : 0;
    if (!failed) return undefined;
    const reason = this.#tooMuch(now);
    if (reason !== undefined) this.#open(now, reason);
  }

  /** Why it must open, if it must. In a row, because at a hundred calls a second a minute's share notices a dead provider far too late. */
  #tooMuch(now: number): string | undefined {
    const { failureShare, minAttempts, failuresInARow, unreachableInARow } = this.#settings;
    if (this.#unreachableInARow >= unreachableInARow)
      return `it could not be reached ${this.#unreachableInARow} times in a row`;
    // Failures are quick and answers are not: what was there before the row began and goes on may still succeed.
    if (this.#failedInARow >= failuresInARow && this.#failedInARow > this.#outlasting)
      return `${this.#failedInARow} attempts in a row failed`;
    const { all, failed } = this.#ring.count(now);
    return all >= minAttempts && failed >= failureShare * all
      ? `${failed} of the last minute's ${all} attempts failed`
      : undefined;
  }

  #prove(): void {
    this.#proven = true;
    this.#epoch += 1;
  }

  #open(now: number, reason: string): void {
    const { openMs, longestOpenMs } = this.#settings;
    const forMs = Math.min(longestOpenMs, openMs * 2 ** this.#openings);
    this.#openUntil = now + forMs * (0.8 + 0.4 * this.#rng());
    this.#openings += 1;
    this.#state = "open";
    this.#epoch += 1;
    this.#reason = reason;
  }

  /** Begins a round of the recovery, or closes after the last. */
  #begin(now: number, index: number): void {
    this.#epoch += 1;
    const size = RecoveryRound.sizeOf(index, this.#peak);
    if (size === undefined) return this.#close();
    this.#state = "half-open";
    this.#round = new RecoveryRound(index, size, now + this.#probeMs());
  }

  #close(): void {
    this.#state = "closed";
    this.#openings = 0;
    this.#failedInARow = 0;
    this.#unreachableInARow = 0;
    this.#peak = Math.max(this.#inFlight, this.#round.size);
    this.#ring.clear();
  }

  /** Longer after each try that failed: a provider that has become slow must not be kept out for ever. */
  #probeMs(): number {
    const { probeMs, longestProbeMs } = this.#settings;
    const usual = 2 * (this.#durations.quantile(0.95) ?? 0);
    return Math.min(longestProbeMs, Math.max(probeMs, usual) * 2 ** Math.max(0, this.#openings - 1));
  }
}
