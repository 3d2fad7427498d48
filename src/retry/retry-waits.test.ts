import { describe, expect, it } from "vitest";
import { oneCall as call, oneReply as reply } from "../../test/fixtures/one-call.ts";
import { CallError } from "../call/call-error.ts";
import type { CallEvent } from "../call/call-event.ts";
import type { Context } from "../call/context.ts";
import type { Handler } from "../call/handler.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { RetryBudget } from "./retry-budget.ts";
import { type RetryOptions, retryPolicy } from "./retry-options.ts";
import { retry } from "./retry.ts";
import type { StartForecast } from "./start-forecast.ts";

/** A call that fails with each of the errors in turn and then succeeds. */
const world = (errors: readonly CallError[], options: RetryOptions = {}, forecast: StartForecast = {}) => {
  const clock = new VirtualClock();
  const budget = new RetryBudget(0);
  const attempts: number[] = [];
  const events: CallEvent[] = [];
  const handler: Handler = async () => {
    const error = errors[attempts.length];
    attempts.push(clock.now());
    if (error !== undefined) throw error;
    return reply;
  };
  const layer = retry({ policy: retryPolicy(options), budget, clock, rng: () => 0.5, ...forecast })(handler);
  const run = (more: Partial<Context> = {}) =>
    layer(call, {
      signal: new AbortController().signal,
      cancel: () => undefined,
      clock,
      attempt: 0,
      sequence: 0,
      observe: (event) => events.push(event),
      ...more,
    });
  return { clock, budget, attempts, events, run };
};

const tokens = (budget: RetryBudget, now: number): number => {
  let left = 0;
  while (budget.spend(now, 1)) left += 1;
  return left;
};

const exhausted = (retryAfterMs?: number): CallError =>
  new CallError("quota_exhausted", "the day is used up", retryAfterMs === undefined ? {} : { retryAfterMs });
const broken = new CallError("server", "broken");
const refused = new CallError("network", "refused", { unreachable: true });

describe("a used-up quota", () => {
  it("ends a call at once, unless it is to wait", async () => {
    const { attempts, run } = world([exhausted(300_000)]);
    await expect(run()).rejects.toMatchObject({ code: "quota_exhausted", attempts: 1, retryable: false });
    expect(attempts).toEqual([0]);
  });

  it("is waited for until the provider's own time, at no cost and without using up retries", async () => {
    const { clock, budget, attempts, events, run } = world([exhausted(7_200_000), broken, exhausted(300_000)], {
      onQuota: "wait",
      retries: 1,
    });
    expect(await clock.until(run())).toBe(reply);
    expect(attempts).toEqual([0, 7_200_000, 7_200_125, 7_500_125]);
    expect(events[0]).toMatchObject({ type: "call-retry", code: "quota_exhausted", waitMs: 7_200_000 });
    expect(tokens(budget, 0)).toBe(49);
  });

  it("is asked about every ten minutes when nobody says when it is back, and not for ever", async () => {
    const { clock, attempts, run } = world(Array<CallError>(99).fill(exhausted()), {
      onQuota: "wait",
      maxQuotaWait: "30m",
    });
    await expect(clock.until(run())).rejects.toMatchObject({ code: "quota_exhausted", attempts: 4 });
    expect(attempts).toEqual([0, 600_000, 1_200_000, 1_800_000]);
  });

  it("ends a call at once whose deadline comes before it is back", async () => {
    const { attempts, clock, run } = world([exhausted(7_200_000)], { onQuota: "wait" });
    await expect(run({ deadlineAt: 1_800_000 })).rejects.toMatchObject({
      code: "quota_exhausted",
      message: expect.stringContaining("no time left before its deadline"),
    });
    expect([attempts.length, clock.armed]).toEqual([1, 0]);
  });
});

describe("a connection that fails", () => {
  it("is made again at once, and costs nothing when it comes about then", async () => {
    const { budget, attempts, run } = world([refused]);
    expect(await run()).toBe(reply);
    expect(attempts).toEqual([0, 0]);
    expect(tokens(budget, 0)).toBe(50);
  });

  it("costs nothing when the answer is a failure of another kind, which costs what it costs", async () => {
    const { clock, budget, run } = world([refused, refused, broken]);
    await clock.until(run());
    expect(tokens(budget, 0)).toBe(49);
  });

  it("costs like any other while it does not come about", async () => {
    const { clock, budget, run } = world(Array<CallError>(9).fill(refused));
    await expect(clock.until(run())).rejects.toMatchObject({ code: "network", attempts: 6 });
    expect(tokens(budget, 0)).toBe(45);
  });
});

describe("a deadline", () => {
  const noTime = { attempts: 1, message: "broken (not tried again: no time left before its deadline)" };

  it("ends a call whose backoff would take it past the deadline, without waiting", async () => {
    const { clock, budget, run } = world([broken]);
    await expect(run({ deadlineAt: 124 })).rejects.toMatchObject(noTime);
    expect([clock.now(), clock.armed, tokens(budget, 0)]).toEqual([0, 0, 50]);
    const intime = world([broken]);
    expect(await intime.clock.until(intime.run({ deadlineAt: 125 }))).toBe(reply);
  });

  it("leaves the time that a first content usually takes", async () => {
    const forecast = { usualFirstContentMs: () => 900 };
    await expect(world([broken], {}, forecast).run({ deadlineAt: 1000 })).rejects.toMatchObject(noTime);
    const intime = world([broken], {}, forecast);
    expect(await intime.clock.until(intime.run({ deadlineAt: 1025 }))).toBe(reply);
  });

  it("ends a retry that the limits let start only after it, and pays it back", async () => {
    let heldUntil = 0;
    const { clock, budget, attempts, run } = world([broken, broken], {}, { earliestStart: () => heldUntil });
    const running = run({ deadlineAt: 60_000 });
    await clock.advance(100);
    heldUntil = 61_000;
    await expect(clock.until(running)).rejects.toMatchObject(noTime);
    expect([clock.now(), attempts.length, tokens(budget, 0)]).toEqual([125, 1, 50]);
  });

  it("ends a call that the limits let start only after it before its first attempt", async () => {
    const { attempts, run } = world([], {}, { earliestStart: () => 61_000, usualFirstContentMs: () => 5000 });
    await expect(run({ deadlineAt: 60_000 })).rejects.toMatchObject({
      code: "timeout",
      retryable: false,
      message:
        "Cannot start call c in time: the limits let it start in 61000 ms at the earliest, but it ends in 60000 ms; " +
        "give it more time in total, or raise the limits",
    });
    expect(attempts).toEqual([]);
    expect(await run({ deadlineAt: 61_000 })).toBe(reply);
  });

  it.each([Infinity, NaN, -Infinity])("takes a start at %s as not known", async (at) => {
    const { clock, run } = world([broken], {}, { earliestStart: () => at });
    expect(await clock.until(run({ deadlineAt: 60_000 }))).toBe(reply);
  });

  it("bounds the wait for a turn when the budget is empty", async () => {
    const { clock, budget, attempts, run } = world([broken]);
    budget.succeeded();
    tokens(budget, 0);
    const running = run({ deadlineAt: 9000, ofMany: true });
    await expect(clock.until(running)).rejects.toMatchObject({ message: expect.stringContaining("budget is empty") });
    expect(attempts).toHaveLength(1);
  });
});

describe("a call that is cancelled by whoever hears of its retry", () => {
  it.each([new CallError("throttled", "slow down"), broken, refused])("makes no further attempt: %s", async (error) => {
    const { clock, budget, attempts, run } = world([error]);
    const controller = new AbortController();
    const { signal } = controller;
    const running = run({ signal, observe: () => controller.abort(new Error("the user left")) });
    await expect(clock.until(running)).rejects.toMatchObject({
      code: "cancelled",
      attempts: 1,
      cause: { code: error.code },
    });
    expect([attempts, clock.armed, tokens(budget, 0)]).toEqual([[0], 0, 50]);
  });
});
