import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { oneCall as call, oneReply as reply } from "../../test/fixtures/one-call.ts";
import { CallError, type CallErrorCode } from "../call/call-error.ts";
import type { Context } from "../call/context.ts";
import type { Handler } from "../call/handler.ts";
import { seededRng } from "../time/rng.ts";
import { sleep } from "../time/sleep.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { RetryBudget } from "./retry-budget.ts";
import { type RetryOptions, retryPolicy } from "./retry-options.ts";
import { retry } from "./retry.ts";

const content = { body: {}, text: "x", content: true };

/** A pool on a virtual clock whose retry budget still has `tokens`. */
const pool = (handler: Handler, options: RetryOptions, tokens = 50, proven = true) => {
  const clock = new VirtualClock();
  const budget = new RetryBudget(0);
  if (proven) budget.succeeded();
  for (let left = 50; left > tokens; left--) budget.spend(0, 1);
  const layer = retry({ policy: retryPolicy(options), budget, clock, rng: seededRng(1) })(handler);
  const run = (more: Partial<Context> = {}) =>
    layer(call, {
      signal: new AbortController().signal,
      cancel: () => undefined,
      clock,
      attempt: 0,
      sequence: 0,
      observe: () => undefined,
      ...more,
    });
  return { clock, run };
};

/** Runs `count` calls, so many at once, and returns how each ended. */
const crowd = async (count: number, atOnce: number, run: () => Promise<unknown>): Promise<(CallError | "ok")[]> => {
  const ends: (CallError | "ok")[] = [];
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun++ < count) ends.push(await endOf(run()));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return ends;
};

const endOf = (running: Promise<unknown>): Promise<CallError | "ok"> =>
  running.then(
    () => "ok" as const,
    (error: unknown) =>
      error instanceof CallError ? error : new CallError("server", `not a CallError: ${String(error)}`),
  );

interface Step {
  readonly code: CallErrorCode;
  readonly latencyMs: number;
  readonly unreachable: boolean;
  readonly delivers: boolean;
  readonly retryAfterMs: number | undefined;
}

const steps = fc.array(
  fc.record<Step>({
    code: fc.constantFrom<CallErrorCode[]>(
      "server",
      "overloaded",
      "throttled",
      "timeout",
      "network",
      "quota_exhausted",
    ),
    latencyMs: fc.nat(5000),
    unreachable: fc.boolean(),
    delivers: fc.boolean(),
    retryAfterMs: fc.option(fc.nat(120_000), { nil: undefined, freq: 3 }),
  }),
  { maxLength: 20 },
);

const plans = fc.record({
  calls: fc.array(
    fc.record({
      steps,
      deadlineAt: fc.option(fc.nat(200_000), { nil: Infinity }),
      abortAt: fc.option(fc.nat(200_000), { nil: Infinity }),
      streams: fc.boolean(),
      ofMany: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  retries: fc.nat(6),
  maxThrottles: fc.nat(4),
  onQuota: fc.constantFrom<("fail" | "wait")[]>("fail", "wait"),
  tokens: fc.nat(6),
  proven: fc.boolean(),
});

type Plan = typeof plans extends fc.Arbitrary<infer T> ? T : never;

/** Plays a plan and returns each law that an attempt broke when it began. */
const play = async (plan: Plan): Promise<readonly string[]> => {
  const { calls, tokens, proven, retries, maxThrottles, onQuota } = plan;
  const options: RetryOptions = { retries, maxThrottles, onQuota };
  const broken: string[] = [];
  let successes = 0;
  let spent = 0;
  const script: Handler = async (_call, { clock, signal, onEvent, sequence, attempt, deadlineAt = Infinity }) => {
    const one = calls[sequence];
    const failures = one?.steps.slice(0, attempt - 1) ?? [];
    const parked = failures.filter(({ code }) => code === "quota_exhausted").length;
    const throttled = failures.filter(({ code }) => code === "throttled").length;
    if (attempt - 1 - parked - throttled > retries) broken.push("more attempts than it may");
    if (throttled > maxThrottles) broken.push("sent back more often than it may");
    if (parked > 0 && onQuota === "fail") broken.push("waited for a quota");
    if (clock.now() > deadlineAt) broken.push("after its deadline");
    if (signal.aborted) broken.push("after it was cancelled");
    if (one?.streams === true && failures.some(({ delivers }) => delivers)) broken.push("after content was delivered");
    spent += priceOf(failures.at(-1));
    // A success lets one waiting retry go, whatever it costs, and returns a tenth; the first was before the plan.
    if (spent > tokens + 2.1 * successes + 0.1 + clock.now() / 10_000 + 1e-6) broken.push("beyond the budget");
    const step = one?.steps[attempt - 1];
    await sleep(clock, step?.latencyMs ?? 10, signal);
    if (step?.delivers === true) await onEvent?.(content);
    if (step !== undefined) throw failureOf(step);
    successes += 1;
    return reply;
  };
  const { clock, run } = pool(script, options, tokens, proven);
  const runs = calls.map(({ deadlineAt, abortAt, streams, ofMany }, sequence) => {
    const controller = new AbortController();
    const end = clock.schedule(Math.min(abortAt, deadlineAt, 1e12), () => controller.abort());
    const onEvent = streams ? { onEvent: () => undefined } : {};
    const running = run({ signal: controller.signal, deadlineAt, sequence, ofMany, ...onEvent });
    return endOf(running).finally(() => end[Symbol.dispose]());
  });
  const ends = await clock.until(Promise.all(runs));
  if (ends.some((end) => end !== "ok" && /unexpected|not a CallError/.test(end.message))) broken.push("a bug");
  if (clock.armed > 0) broken.push("a timer is left");
  return broken;
};

/** What the retry after such a failure costs the budget at least: a connection's price may have been given back. */
const priceOf = (failure: Step | undefined): number => {
  if (failure === undefined || failure.unreachable || failure.code === "throttled") return 0;
  if (failure.code === "quota_exhausted") return 0;
  return failure.code === "timeout" ? 2 : 1;
};

const failureOf = ({ code, unreachable, retryAfterMs }: Step): CallError =>
  new CallError(code, "no", { unreachable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

describe("the laws of retry", () => {
  it("begins no attempt beyond its number, its budget, its deadline, its cancellation or delivered content", async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        expect(await play(plan)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["calls of many", true, 20_000, 50],
    ["single calls at a pace at which time refills the budget", false, 2000, 1],
  ])("brings %s through random failures of one in ten, for a ninth more load", async (_who, ofMany, count, atOnce) => {
    const chance = seededRng(11);
    let attempts = 0;
    const { clock, run } = pool(async (_call, context) => {
      attempts += 1;
      await sleep(context.clock, 100, context.signal);
      if (chance() < 0.1) throw new CallError("server", "broken");
      return reply;
    }, {});
    const ends = await clock.until(crowd(count, atOnce, () => run({ ofMany })));
    expect(ends.filter((end) => end !== "ok").length / count).toBeLessThanOrEqual(1e-4);
    // The expectation is 1/9; what is above it is the spread of this many draws.
    expect(attempts / count - 1).toBeLessThanOrEqual(1 / 9 + 3 * Math.sqrt(0.1 / count));
  });

  it.each([
    ["answers with errors", false, 1000],
    ["refuses connections", true, 1000],
    ["answers with errors", false, 32],
    ["refuses connections", true, 32],
  ])(
    "neither hammers a provider that %s for ten minutes nor loses a call (refused: %s, at once: %d)",
    async (_how, unreachable, atOnce) => {
      let during = 0;
      const worst: number[] = [];
      const { clock, run } = pool(async (_call, context) => {
        const down = context.clock.now() < 600_000;
        if (down) during += 1;
        worst.push(context.attempt);
        await sleep(context.clock, 50, context.signal);
        if (down) throw new CallError(unreachable ? "network" : "overloaded", "down", { unreachable });
        return reply;
      }, {});
      const ends = await clock.until(crowd(1000, atOnce, () => run({ ofMany: true })));
      expect(ends.filter((end) => end !== "ok")).toEqual([]);
      const probes = 60;
      expect(during).toBeLessThanOrEqual(1.1 * 1000 + probes);
      expect(clock.now()).toBeLessThan(700_000);
      expect(clock.armed).toBe(0);
    },
  );

  it.each([
    ["backoff", 50],
    ["the queue for the budget", 2000],
  ])("ends a crowd of calls in %s in the turn in which they are cancelled", async (_where, count) => {
    const { clock, run } = pool(() => Promise.reject(new CallError("server", "broken")), {}, count === 50 ? 50 : 0);
    const controller = new AbortController();
    const { signal } = controller;
    const running = Promise.all(Array.from({ length: count }, () => endOf(run({ signal, ofMany: true }))));
    await clock.advance(0);
    controller.abort();
    const ends = await running;
    expect(ends.every((end) => end !== "ok" && end.code === "cancelled" && end.attempts === 1)).toBe(true);
    expect([clock.now(), clock.armed]).toEqual([0, 0]);
  });
});
