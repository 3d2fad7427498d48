import { CallError } from "../../src/call/call-error.ts";
import { createLLM } from "../../src/client/create-llm.ts";
import type { LLM } from "../../src/client/llm.ts";
import type { Limits } from "../../src/limit/limits.ts";
import { exactLowerBound, type KnownCall } from "../../src/observe/lower-bound.ts";
import { type LatencyLaw, usualLatency } from "../../src/simulator/usual-latency.ts";
import { createVirtualProvider, type VirtualBooks } from "../../src/simulator/virtual-provider.ts";
import { seededRng } from "../../src/time/rng.ts";
import { VirtualClock } from "../../src/time/virtual-clock.ts";
import { AttemptWatch } from "./attempt-watch.ts";
import { CountedClock } from "./counted-clock.ts";
import { drive, runDry } from "./drive.ts";
import { troubledHeaders } from "./troubled-headers.ts";
import { trueRates } from "./true-rates.ts";
import { Violations } from "./violations.ts";
import type { CallPlan, WorldPlan } from "./world-plan.ts";
import { fillerText } from "../fixtures/filler-text.ts";

/** What became of a world. */
export interface WorldOutcome {
  readonly violations: readonly string[];
  /** Of all starts with their times. */
  readonly hash: string;
  readonly endedAt: number;
  readonly starts: number;
  /** How many calls ended how. */
  readonly endings: Readonly<Record<string, number>>;
  readonly books: VirtualBooks;
}

/**
 * Lives through one world with a whole client, and checks its laws as it goes.
 *
 * @param allowed what the client may do. @default what it is told
 */
export const liveThrough = async (plan: WorldPlan, allowed: Limits = plan.limits): Promise<WorldOutcome> => {
  const clock = new VirtualClock();
  const counted = new CountedClock(clock);
  const violations = new Violations();
  const watch = new AttemptWatch(clock, violations);
  const admitted: KnownCall[] = [];
  const provider = createVirtualProvider({ ...plan.provider, clock, latency: notedLatency(plan, admitted) });
  const rng = seededRng(plan.seed + 1);
  const llm = createLLM({
    model: "m",
    clock: counted,
    rng: seededRng(plan.seed),
    limits: plan.limits,
    handler: watch.watched(troubledHeaders(provider.handle, plan.headers, clock, rng)),
  });
  watch.setLimits(allowed);
  const endings: Record<string, number> = {};
  const calls = plan.calls.map((call, index) => liveCall(call, index, { clock, llm, watch, endings }));
  for (const { atMs, limits } of plan.changes) {
    clock.schedule(atMs, () => {
      watch.setLimits(limits);
      llm.setLimits(limits);
    });
  }
  await drive(clock, Promise.all(calls), () => {
    violations.check(counted.armed <= 1, "P15", () => `at ${clock.now()} ms the client has ${counted.armed} timers`);
  });
  const endedAt = clock.now();
  checkRest(llm, watch, violations);
  const slots = plan.provider.maxConcurrent === undefined ? {} : { slots: plan.provider.maxConcurrent };
  const { lowerBoundMs, boundBy } = exactLowerBound({ calls: admitted, rates: trueRates(plan.provider), ...slots });
  violations.check(endedAt >= lowerBoundMs - 1e-6, "P19", () => `${endedAt} ms beat ${lowerBoundMs} ms by ${boundBy}`);
  violations.check(counted.armed === 0, "P15", () => `the idle client has ${counted.armed} timers`);
  await runDry(clock, 3_600_000);
  const books = provider.books();
  violations.check(books.inFlight === 0, "P5", () => `the provider still serves ${books.inFlight}`);
  violations.check(books.attempts <= watch.starts, "P5", () => `${books.attempts} arrived of ${watch.starts} starts`);
  const ended = Object.values(endings).reduce((sum, count) => sum + count, 0);
  violations.check(ended === plan.calls.length, "P6", () => `${ended} endings of ${plan.calls.length} calls`);
  await drive(clock, llm.close());
  return { violations: violations.told, hash: watch.hash.value, endedAt, starts: watch.starts, endings, books };
};

/** What the server lets in, as far as it is certain: a call may be broken off, and an answer may be charged when it is there. */
const notedLatency = ({ provider, calls }: WorldPlan, admitted: KnownCall[]): LatencyLaw => {
  const untroubled =
    provider.faults === 0 && calls.every((call) => call.cancelAtMs === undefined && call.totalMs === undefined);
  return (rng, input, output) => {
    const latency = usualLatency(rng, input, output);
    const total = provider.tokenCharge === "bound" ? input + output : input;
    admitted.push({ latencyMs: untroubled ? latency.totalMs : 0, input, output, total });
    return latency;
  };
};

interface Surroundings {
  readonly clock: VirtualClock;
  readonly llm: LLM;
  readonly watch: AttemptWatch;
  readonly endings: Record<string, number>;
}

/** One call from its time on, with its cancellation. */
const liveCall = async (plan: CallPlan, index: number, { clock, llm, watch, endings }: Surroundings): Promise<void> => {
  const id = String(index);
  const { atMs, input, output, bound, totalMs, cancelAtMs } = plan;
  if (atMs > 0) await new Promise<void>((resolve) => void clock.schedule(atMs, resolve));
  const controller = new AbortController();
  if (cancelAtMs !== undefined) clock.schedule(cancelAtMs, () => controller.abort(new Error("enough")));
  const call = { attempts: 0, active: 0, ended: false, deadlineAt: atMs + (totalMs ?? 30 * 60_000) };
  watch.calls.set(id, call);
  const body = {
    messages: [{ role: "user", content: fillerText(plan.characters) }],
    input,
    output,
    ...(bound === undefined ? {} : { max_tokens: bound }),
  };
  const ending = await llm
    .chat({
      id,
      body,
      stream: plan.stream,
      signal: controller.signal,
      priority: plan.priority,
      ...(plan.tenant === undefined ? {} : { tenant: plan.tenant }),
      ...(totalMs === undefined ? {} : { timeout: { total: totalMs } }),
    })
    .then(
      () => "ok",
      (error: unknown) => (error instanceof CallError ? error.code : `not a CallError: ${String(error)}`),
    );
  call.ended = true;
  watch.calls.delete(id);
  endings[ending] = (endings[ending] ?? 0) + 1;
};

const checkRest = (llm: LLM, watch: AttemptWatch, violations: Violations): void => {
  const { queued, inFlight, limits } = llm.stats();
  violations.check(queued === 0 && inFlight === 0, "P5", () => `at rest ${queued} are queued, ${inFlight} in flight`);
  violations.check(watch.active === 0, "P5", () => `at rest ${watch.active} attempts are not over`);
  const slots = limits.find(({ name }) => name === "maxConcurrent");
  violations.check(slots?.used === 0, "P5", () => `at rest ${slots?.used} slots are taken`);
};
