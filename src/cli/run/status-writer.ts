import { hostname } from "node:os";
import { resolve } from "node:path";
import type { LLMStats } from "../../client/stats.ts";
import type { Fs } from "../../run/files/fs.ts";
import { nodeFs } from "../../run/files/node-fs.ts";
import type { RunEvent } from "../../run/run-event.ts";
import type { RunSummary } from "../../run/run-summary.ts";
import { maskedWords } from "../../run/resume/masked-words.ts";
import { registerRun } from "../../run/status/run-registry.ts";
import type { RunStatus } from "../../run/status/run-status.ts";
import { writeStatus } from "../../run/status/status-file.ts";
import type { Clock, Timer } from "../../time/clock.ts";
import { boundOf } from "../display/bound-of.ts";
import type { Snapshot } from "../display/snapshot.ts";
import type { Host } from "../host.ts";
import { runsPath } from "./limits-path.ts";
import type { RunPlan } from "./run-plan.ts";
import { ticker } from "./ticker.ts";

/** Tells others in the run's folder where the run stands, every two seconds and at its end. No run fails for it. */
export interface StatusWriter extends Disposable {
  listen(event: RunEvent): void;
  ended(summary: RunSummary, exitCode: number): Promise<void>;
  failed(error: unknown): Promise<void>;
}

/** What a writer is made of. */
export interface StatusWriterOptions {
  readonly plan: Pick<RunPlan, "model" | "command">;
  readonly host: Pick<Host, "environment" | "platform" | "pid" | "folder">;
  readonly clock: Clock;
  readonly snapshot: () => Snapshot;
  readonly stats: () => Pick<LLMStats, "attempts" | "costs" | "unpricedCalls">;
  /** @default the machine's */
  readonly fs?: Fs;
}

const everyMs = 2000;

/** Before the run has begun there is nothing to tell, and results that go to stdout have no folder. */
export const statusWriter = (options: StatusWriterOptions): StatusWriter => {
  const { plan, host, clock, fs = nodeFs } = options;
  let folder: string | undefined;
  let ticks: Timer | undefined;
  let writing: Promise<void> | undefined;
  let registering: Promise<void> | undefined;
  const startedAt = new Date(clock.wallNow()).toISOString();
  const write = async (changes: Partial<RunStatus>): Promise<void> => {
    if (folder === undefined) return;
    await writeStatus(fs, folder, { ...statusNow(options, startedAt), ...changes }).catch(() => {});
  };
  const tick = (): void => {
    // A file system that takes its time gets no more of them.
    writing ??= write({}).finally(() => (writing = undefined));
  };
  const end = async (changes: Partial<RunStatus>): Promise<void> => {
    ticks?.[Symbol.dispose]();
    await Promise.all([writing, registering]);
    await write({ phase: "ended", in_flight: 0, requests_per_minute: 0, ...changes });
  };
  return {
    listen: (event) => {
      if (event.type !== "start" || event.paths === undefined) return;
      folder = event.paths.folder;
      tick();
      ticks = ticker(clock, everyMs, tick);
      const registry = plan.command === undefined ? undefined : runsPath(host);
      if (registry === undefined) return;
      const output = resolve(host.folder, event.paths.output);
      registering = registerRun(fs, registry, { output, started_at: startedAt });
    },
    ended: (summary, exitCode) => end(endOf(summary, exitCode)),
    failed: (error) =>
      end({
        outcome: "error",
        exit_code: exitCodeOf(error),
        message: error instanceof Error ? error.message : String(error),
      }),
    [Symbol.dispose]: () => ticks?.[Symbol.dispose](),
  };
};

const statusNow = ({ plan, host, clock, snapshot, stats }: StatusWriterOptions, startedAt: string): RunStatus => {
  const now = snapshot();
  const { phase, model, input, output, rows, succeeded, failed, resumed } = now;
  const { attempts, costs, unpricedCalls } = stats();
  const boundBy = boundOf(now);
  return {
    version: 1,
    pid: host.pid,
    host: hostname(),
    model,
    input,
    output,
    cwd: host.folder,
    ...(plan.command === undefined ? {} : { command: maskedWords([plan.command]).join("") }),
    phase: phase === "reading" ? "running" : phase,
    rows,
    succeeded,
    failed,
    resumed,
    remaining: Math.max(0, rows - succeeded - failed),
    in_flight: now.inFlight,
    requests_per_minute: Math.round(now.requestsPerMinute),
    attempts,
    ...(now.etaMs === undefined ? {} : { eta_ms: Math.round(now.etaMs) }),
    ...(boundBy === undefined ? {} : { bound_by: boundBy }),
    costs,
    unpriced_calls: unpricedCalls,
    started_at: startedAt,
    updated_at: new Date(clock.wallNow()).toISOString(),
  };
};

const endOf = (summary: RunSummary, exitCode: number): Partial<RunStatus> => ({
  rows: summary.rows,
  succeeded: summary.succeeded,
  failed: summary.failed,
  resumed: summary.resumed,
  remaining: summary.remaining,
  costs: summary.costs,
  unpriced_calls: summary.unpricedCalls,
  possibly_paid_twice: summary.possiblyPaidTwice,
  possibly_paid_at_most: summary.possiblyPaidAtMost,
  possibly_paid_unpriced: summary.possiblyPaidUnpriced,
  outcome: summary.outcome,
  exit_code: exitCode,
  ...(summary.stop === undefined ? {} : { message: `${summary.stop.code}: ${summary.stop.message}` }),
});

const exitCodeOf = (error: unknown): number =>
  error instanceof Error && "exitCode" in error && typeof error.exitCode === "number" ? error.exitCode : 1;
