import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import type { CallEvent } from "../call/call-event.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Handler } from "../call/handler.ts";
import { sleep } from "../time/sleep.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { limit } from "./limit.ts";
import { QuotaLimiter } from "./quota-limiter.ts";

const call: Call = {
  id: "c",
  operation: "chat",
  model: { provider: "openai", name: "m" },
  body: {},
  demand: { inputTokens: 100, outputTokens: 400 },
};
const reply = { status: 200, body: {}, deployment: "here" };

const world = (handler: Handler) => {
  const clock = new VirtualClock();
  const limiter = new QuotaLimiter({ clock, limits: { maxConcurrent: 1, tokensPerMinute: 1000 } });
  const events: CallEvent[] = [];
  const controller = new AbortController();
  const { signal } = controller;
  const cancel = (): void => controller.abort();
  const context: Context = { signal, cancel, clock, attempt: 1, sequence: 0, observe: (event) => events.push(event) };
  const used = (): number[] => limiter.stats().map((one) => one.used);
  return { clock, limiter, events, controller, context, used, run: () => limit(limiter)(handler)(call, context) };
};

describe("limit", () => {
  it("holds the permit until the reply is whole, and settles it with the real usage", async () => {
    const usage = { inputTokens: 90, outputTokens: 10, cachedTokens: 0, reasoningTokens: 0 };
    const { clock, events, used, run } = world(async (_call, context) => {
      await sleep(clock, 500, context.signal);
      return { ...reply, usage };
    });
    const running = run();
    await clock.advance(499);
    expect(used()).toEqual([1, 500]);
    await clock.until(running);
    expect(used()).toEqual([0, 100]);
    expect(events).toEqual([
      { type: "attempt-start", at: 0, id: "c", attempt: 1, queuedMs: 0 },
      { type: "attempt-end", at: 500, id: "c", attempt: 1, elapsedMs: 500, status: 200 },
    ]);
  });

  it("settles a failure too, and tells its code and status", async () => {
    const failure = new CallError("server", "broken", { status: 500 });
    const { events, used, run } = world(() => Promise.reject(failure));
    await expect(run()).rejects.toBe(failure);
    expect(used()).toEqual([0, 500]);
    expect(events.at(-1)).toMatchObject({ type: "attempt-end", code: "server", status: 500 });
  });

  it("charges an attempt that failed in a way that nobody foresaw", async () => {
    const { events, used, run } = world(() => Promise.reject(new TypeError("a slip")));
    await expect(run()).rejects.toThrow(TypeError);
    expect(used()).toEqual([0, 500]);
    expect(events.map(({ type }) => type)).toEqual(["attempt-start", "attempt-end"]);
  });

  it("makes no attempt, and takes nothing, for a call that was cancelled with its permit on the way", async () => {
    let attempts = 0;
    const { controller, events, used, run } = world(async () => {
      attempts += 1;
      return reply;
    });
    const running = run();
    controller.abort(new CallError("timeout", "too late"));
    await expect(running).rejects.toMatchObject({ code: "timeout" });
    expect([attempts, events, used()]).toEqual([0, [], [0, 0]]);
  });

  it("makes no attempt while another call holds the only slot, and tells how long it waited", async () => {
    const { clock, context, limiter, events, run } = world(async () => reply);
    const demand = { inputTokens: 0, outputTokens: 0 };
    const { signal } = context;
    const other = await limiter.admit({ id: "other", demand, priority: 0, sequence: 0, signal });
    const running = run();
    await clock.advance(2000);
    expect(events).toEqual([]);
    other.settle({ ok: true });
    await running;
    expect(events[0]).toMatchObject({ type: "attempt-start", at: 2000, queuedMs: 2000 });
  });

  it("does not send a call whose turn comes when less time is left than an answer usually takes", async () => {
    let attempts = 0;
    const answering: Handler = async () => {
      attempts += 1;
      return reply;
    };
    const { clock, context, limiter, events, used } = world(answering);
    const { signal } = context;
    const other = await limiter.admit({ id: "other", demand: call.demand, priority: 0, sequence: 0, signal });
    const layer = limit(limiter, () => 3000)(answering);
    const running = layer(call, { ...context, deadlineAt: 5000 });
    const refused = expect(running).rejects.toMatchObject({
      code: "timeout",
      retryable: false,
      message: expect.stringContaining("when the turn of call c came, 2999 ms were left of its time"),
    });
    await clock.advance(2001);
    other.settle({ ok: true, usage: { inputTokens: 0, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 } });
    await refused;
    expect([attempts, events, used(), limiter.inFlight]).toEqual([0, [], [0, 0], 0]);
    expect(await layer(call, { ...context, deadlineAt: clock.now() + 3000 })).toBe(reply);
  });
});
