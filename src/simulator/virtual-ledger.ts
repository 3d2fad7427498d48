import type { Clock } from "../time/clock.ts";
import type { Refusal } from "./admission.ts";
import type { MeteredQuota } from "./metered-quota.ts";
import { SecondSeries } from "./second-series.ts";
import type { UnitAmounts, VirtualBooks } from "./virtual-books.ts";

/** How an admitted call ended. */
export type VirtualEnding = "completed" | "failed" | "aborted";

/** Keeps the books of a provider on a clock. */
export class VirtualLedger {
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #quotas: readonly MeteredQuota[];
  readonly #granted = new SecondSeries();
  readonly #throttled = new SecondSeries();
  readonly #tokens = new SecondSeries();
  readonly #refused: Record<Refusal["reason"], number> = {
    requests: 0,
    tokens: 0,
    input: 0,
    output: 0,
    "too-large": 0,
    concurrency: 0,
  };
  readonly #counts = {
    attempts: 0,
    granted: 0,
    throttled: 0,
    unavailable: 0,
    completed: 0,
    failed: 0,
    aborted: 0,
    inFlight: 0,
    peakInFlight: 0,
    inputTokens: 0,
    outputTokens: 0,
  };

  constructor(clock: Clock, quotas: readonly MeteredQuota[]) {
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#quotas = quotas;
  }

  get inFlight(): number {
    return this.#counts.inFlight;
  }

  arrive(): void {
    this.#counts.attempts++;
  }

  turnAway(): void {
    this.#counts.unavailable++;
  }

  refuse(now: number, reason: Refusal["reason"]): void {
    this.#counts.throttled++;
    this.#refused[reason]++;
    this.#throttled.add(now - this.#startedAt, 1);
  }

  /** @param tokens what the quota of all tokens was charged with */
  grant(now: number, tokens: number, inputTokens: number): void {
    const counts = this.#counts;
    counts.granted++;
    counts.inFlight++;
    counts.peakInFlight = Math.max(counts.peakInFlight, counts.inFlight);
    this.#granted.add(now - this.#startedAt, 1);
    this.#tokens.add(now - this.#startedAt, inputTokens);
    for (const quota of this.#quotas) {
      if (quota.unit === "request") quota.give(now, 1);
      else if (quota.unit === "total") quota.give(now, tokens);
      else if (quota.unit === "input") quota.give(now, inputTokens);
    }
  }

  /** A call that was admitted is served no longer. */
  end(now: number, ending: VirtualEnding, inputTokens: number, outputTokens: number): void {
    const counts = this.#counts;
    counts.inFlight--;
    counts[ending]++;
    if (outputTokens > 0) this.#tokens.add(now - this.#startedAt, outputTokens);
    if (ending !== "completed") return;
    counts.inputTokens += inputTokens;
    counts.outputTokens += outputTokens;
  }

  books(): VirtualBooks {
    return {
      ...this.#counts,
      refused: { ...this.#refused },
      grantedPerSecond: this.#granted.values(),
      throttledPerSecond: this.#throttled.values(),
      tokensPerSecond: this.#tokens.values(),
      quotas: this.#quotas.map((quota) => quota.books()),
      taken: this.#amounts((quota, from, to) => quota.givenBetween(from, to)),
      foreign: this.#amounts((quota, from, to) => quota.foreignBetween(from, to)),
      grantable: this.#amounts((quota, from, to) => quota.grantableBetween(from, to)),
      share: this.#amounts(
        (quota, from, to) =>
          (quota.givenBetween(from, to) + quota.foreignBetween(from, to)) / quota.grantableBetween(from, to),
      ),
    };
  }

  #amounts(measure: (quota: MeteredQuota, fromMs: number, toMs: number) => number) {
    return (fromMs: number, toMs: number): UnitAmounts => {
      this.#checkInterval(fromMs, toMs);
      return Object.fromEntries(this.#quotas.map((quota) => [quota.unit, measure(quota, fromMs, toMs)]));
    };
  }

  #checkInterval(fromMs: number, toMs: number): void {
    const now = this.#clock.now() - this.#startedAt;
    if (fromMs >= 0 && fromMs <= toMs && toMs <= now) return;
    throw new RangeError(
      `Cannot read the books: "fromMs" to "toMs" must lie between 0 and ${now}, got ${fromMs} to ${toMs}`,
    );
  }
}
