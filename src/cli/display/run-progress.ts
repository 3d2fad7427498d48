import type { LLMStats } from "../../client/stats.ts";
import type { LimitStats } from "../../limit/limit-stats.ts";
import type { RunEvent } from "../../run/run-event.ts";
import type { Clock } from "../../time/clock.ts";
import { RecentPace } from "./recent-pace.ts";
import type { Phase, Snapshot } from "./snapshot.ts";

/** What a progress is made of. */
export interface RunProgressOptions {
  readonly clock: Clock;
  readonly stats: () => LLMStats;
  readonly model: string;
  readonly input: string;
  readonly output: string;
}

/** Folds the events of a run and the numbers of its client into snapshots. */
export class RunProgress {
  readonly #options: RunProgressOptions;
  readonly #startedAt: number;
  readonly #pace = new RecentPace();
  #sendingSince: number | undefined;
  #phase: Phase = "reading";
  #rows = 0;
  #resumed = 0;
  #succeeded = 0;
  #failed = 0;
  #throttled = 0;
  #throttledAt: number | undefined;

  constructor(options: RunProgressOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
  }

  /** How long requests have been sent: without the time that reading the input took. */
  get sendingMs(): number {
    return this.#sendingSince === undefined ? 0 : this.#options.clock.now() - this.#sendingSince;
  }

  listen(event: RunEvent): void {
    switch (event.type) {
      case "start":
        this.#phase = this.#phase === "reading" ? "running" : this.#phase;
        this.#sendingSince = this.#options.clock.now();
        this.#rows = event.rows;
        this.#resumed = event.resumed;
        this.#succeeded = event.resumed;
        this.#failed = event.permanentlyFailed;
        return;
      case "row":
        if (event.ok) this.#succeeded += 1;
        else this.#failed += 1;
        return;
      case "stopping":
        this.#phase = isAbort(event) ? "aborting" : "draining";
        return;
      case "warning":
        return;
    }
  }

  snapshot(): Snapshot {
    const now = this.#options.clock.now();
    const stats = this.#options.stats();
    const { model, input, output } = this.#options;
    const done = this.#succeeded + this.#failed;
    const left = Math.max(0, this.#rows - done);
    if (this.#sendingSince !== undefined) this.#pace.tell(now, done);
    const throttledAgoMs = this.#throttledAgo(now, stats.throttled);
    const failingMs = failingOf(stats);
    const etaMs = this.#phase === "running" ? this.#pace.timeFor(left, now, done) : undefined;
    return {
      phase: this.#phase,
      model,
      input,
      output,
      elapsedMs: now - this.#startedAt,
      rows: this.#rows,
      succeeded: this.#succeeded,
      failed: this.#failed,
      resumed: this.#resumed,
      inFlight: stats.inFlight,
      queued: Math.max(0, left - stats.inFlight),
      requestsPerMinute: this.#perMinute(stats.requestsPerMinute, limitOf(stats.limits, "requestsPerMinute")),
      tokensPerMinute: this.#perMinute(stats.tokensPerMinute, limitOf(stats.limits, "tokensPerMinute")),
      latency: stats.latency,
      firstContent: stats.firstContent,
      retries: stats.retries,
      throttled: stats.throttled,
      ...(throttledAgoMs === undefined ? {} : { throttledAgoMs }),
      usage: stats.usage,
      limits: stats.limits,
      ...(stats.boundBy === undefined ? {} : { boundBy: stats.boundBy }),
      ...(failingMs === undefined ? {} : { failingMs }),
      heldMs: stats.heldMs,
      ...(etaMs === undefined ? {} : { etaMs }),
    };
  }

  #throttledAgo(now: number, throttled: number): number | undefined {
    if (throttled > this.#throttled) this.#throttledAt = now;
    this.#throttled = throttled;
    return this.#throttledAt === undefined ? undefined : now - this.#throttledAt;
  }

  /** In the first minute the count of a minute is the pace so far; a pace above a limit that was kept is only an artefact. */
  #perMinute(count: number, limit: number | undefined): number {
    const scaled = (count * 60_000) / Math.min(60_000, Math.max(1000, this.sendingMs));
    return Math.min(scaled, Math.max(count, limit ?? scaled));
  }
}

const isAbort = (event: Extract<RunEvent, { type: "stopping" }>): boolean =>
  event.reason === "abort" || (event.reason === "bound" && event.when === "now");

/** Of several providers that rows wait for, the one that is tried next. */
const failingOf = ({ boundBy, breakers }: LLMStats): number | undefined => {
  if (boundBy !== "breaker") return undefined;
  const awaited = breakers.filter(({ waiting }) => waiting > 0);
  return awaited.reduce((least, { retryAfterMs = 0 }) => Math.min(least, retryAfterMs), Infinity);
};

const limitOf = (limits: readonly LimitStats[], name: string): number | undefined =>
  limits.find((limit) => limit.name === name)?.value;
