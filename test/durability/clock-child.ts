import { writeFileSync } from "node:fs";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import type { CallEvent } from "../../src/call/call-event.ts";
import { createLLM } from "../../src/client/create-llm.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";

/** What the child of the clock tests does, as JSON in its first argument. */
export interface ClockPlan {
  /** Of the provider that is asked. @default a simulator in this process, whose time is false as ours is */
  readonly baseURL?: string;
  readonly calls: number;
  readonly requestsPerMinute: number;
  readonly attemptMs: number;
  readonly firstTokenMs: number;
  /** What is written to the file of the false time, and when. */
  readonly jumps?: readonly { readonly afterMs: number; readonly time: string }[];
  readonly timeFile?: string;
  /** How long it then does nothing but wait with a timer armed. */
  readonly idleMs: number;
}

/** What it tells at its end, as JSON. */
export interface ClockReport {
  readonly ok: number;
  readonly codes: readonly string[];
  /** Why attempts were made again. */
  readonly retried: readonly string[];
  /** The shortest of all waits and durations that were told. */
  readonly shortestMs: number;
  /** When the attempts started, on the child's clock. */
  readonly startsMs: readonly number[];
  /** Processor time of the idle wait, in milliseconds. */
  readonly idleCpuMs: number;
  /** How far the time of day moved between start and end. */
  readonly wallMovedMs: number;
}

const durations = (event: CallEvent): readonly number[] => {
  if (event.type === "attempt-start") return [event.queuedMs];
  if (event.type === "attempt-end") return [event.elapsedMs];
  if (event.type === "call-retry") return [event.waitMs];
  return event.type === "call-end" ? [event.totalMs] : [];
};

const jump = async ({ jumps = [], timeFile }: ClockPlan): Promise<void> => {
  for (const { afterMs, time } of jumps) {
    await pause(afterMs);
    if (timeFile !== undefined) writeFileSync(timeFile, time);
  }
};

const main = async (plan: ClockPlan): Promise<ClockReport> => {
  const simulator = plan.baseURL === undefined ? await startSimulator({ firstTokenMs: plan.firstTokenMs }) : undefined;
  const waits: number[] = [];
  const startsMs: number[] = [];
  const retried: string[] = [];
  const wallAt = Date.now();
  const llm = createLLM({
    model: "openai/m",
    baseURL: plan.baseURL ?? simulator?.url ?? "",
    apiKey: "k",
    limits: { requestsPerMinute: plan.requestsPerMinute, maxConcurrent: 1000 },
    timeout: { attempt: plan.attemptMs },
    onEvent: (event) => {
      waits.push(...durations(event));
      if (event.type === "attempt-start") startsMs.push(event.at);
      if (event.type === "call-retry") retried.push(event.code);
    },
  });
  process.stdout.write("started\n");
  const [results] = await Promise.all([
    llm.batch(Array.from({ length: plan.calls }, (_, index) => `question ${index}`)),
    jump(plan),
  ]);
  // A call that waits for its turn keeps a timer armed.
  llm.setLimits({ requestsPerMinute: 1 });
  const waiting = new AbortController();
  const queued = llm.batch(["one", "two"], { signal: waiting.signal });
  const before = process.cpuUsage();
  await pause(plan.idleMs);
  const idle = process.cpuUsage(before);
  waiting.abort();
  await queued;
  await llm.close();
  await simulator?.close();
  return {
    ok: results.filter(({ ok }) => ok).length,
    codes: results.flatMap((result) => (result.ok ? [] : [result.error.code])),
    retried,
    shortestMs: Math.min(...waits),
    startsMs,
    idleCpuMs: (idle.user + idle.system) / 1000,
    wallMovedMs: Date.now() - wallAt,
  };
};

const [, , plan = ""] = process.argv;
process.stdout.write(`${JSON.stringify(await main(JSON.parse(plan) as ClockPlan))}\n`);
