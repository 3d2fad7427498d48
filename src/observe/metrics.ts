import { addUsage } from "../call/add-usage.ts";
import { type CostSnapshot, CostTotals } from "./cost-totals.ts";
import type { CallErrorCode } from "../call/call-error.ts";
import type { CallEvent } from "../call/call-event.ts";
import type { Usage } from "../call/reply.ts";
import { type Percentiles, RecentValues } from "./recent-values.ts";
import { RunningMedian } from "./running-median.ts";
import { RollingRate } from "./rolling-rate.ts";
import { WorkDone, type WorkSoFar } from "./work-done.ts";

/** What the events of a pool add up to. */
export interface MetricsSnapshot extends CostSnapshot {
  readonly succeeded: number;
  readonly failed: number;
  /** How many of those that succeeded got the answer of an identical call, or one that was kept: they cost nothing. */
  readonly reused: number;
  readonly attempts: number;
  readonly retries: number;
  /** How many attempts the provider answered with 429. */
  readonly throttled: number;
  readonly usage: Usage;
  /** Starts and tokens of the last rolling minute. */
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
  /** Of attempts that succeeded, in milliseconds. */
  readonly latency: Percentiles;
  readonly firstContent: Percentiles;
  readonly errors: Readonly<Partial<Record<CallErrorCode, number>>>;
  /** The calls that succeeded, by latency: what a lower bound of the time they needed is made of. */
  readonly work: WorkSoFar;
}

/** Folds call events into counters, rates and percentiles, in fixed memory. */
export class Metrics {
  #succeeded = 0;
  #failed = 0;
  #reused = 0;
  #attempts = 0;
  #retries = 0;
  #throttled = 0;
  #usage: Usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 };
  readonly #errors: Partial<Record<CallErrorCode, number>> = {};
  readonly #requests = new RollingRate();
  readonly #tokens = new RollingRate();
  readonly #latency = new RecentValues();
  readonly #firstContent = new RecentValues();
  readonly #usualLatency = new RunningMedian();
  readonly #usualFirstContent = new RunningMedian();
  readonly #work = new WorkDone();
  readonly #costs = new CostTotals();

  readonly listen = (event: CallEvent): void => {
    this.#work.listen(event);
    switch (event.type) {
      case "call-start":
        return;
      case "attempt-start":
        return this.#attemptStarted(event.at);
      case "first-content":
        this.#usualFirstContent.add(event.afterMs);
        return this.#firstContent.add(event.afterMs);
      case "attempt-end":
        return this.#attemptEnded(event.elapsedMs, event.code, event.status);
      case "call-retry":
        this.#retries += 1;
        return;
      case "call-end":
        return this.#callEnded(event);
    }
  };

  /** How long an answer usually takes to bring something: a stream its first content, any other all of it. */
  usualMs(streamed: boolean): number {
    return streamed ? this.#usualFirstContent.value : this.#usualLatency.value;
  }

  snapshot(now: number): MetricsSnapshot {
    return {
      succeeded: this.#succeeded,
      failed: this.#failed,
      reused: this.#reused,
      attempts: this.#attempts,
      retries: this.#retries,
      throttled: this.#throttled,
      usage: this.#usage,
      ...this.#costs.snapshot(),
      requestsPerMinute: this.#requests.perMinute(now),
      tokensPerMinute: this.#tokens.perMinute(now),
      latency: this.#latency.percentiles(),
      firstContent: this.#firstContent.percentiles(),
      errors: { ...this.#errors },
      work: this.#work.snapshot(now),
    };
  }

  #attemptStarted(at: number): void {
    this.#attempts += 1;
    this.#requests.add(at, 1);
  }

  #attemptEnded(elapsedMs: number, code: CallErrorCode | undefined, status: number | undefined): void {
    if (code === "throttled" || status === 429) this.#throttled += 1;
    if (code !== undefined) return;
    this.#latency.add(elapsedMs);
    this.#usualLatency.add(elapsedMs);
  }

  #callEnded({ at, code, usage, cost, reused }: Extract<CallEvent, { type: "call-end" }>): void {
    if (code === undefined) {
      this.#succeeded += 1;
      if (reused === undefined) this.#costs.add(cost);
      else this.#reused += 1;
    } else {
      this.#failed += 1;
      this.#errors[code] = (this.#errors[code] ?? 0) + 1;
    }
    if (usage === undefined) return;
    this.#tokens.add(at, usage.inputTokens + usage.outputTokens);
    this.#usage = addUsage(this.#usage, usage);
  }
}
