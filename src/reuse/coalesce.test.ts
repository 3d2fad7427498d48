import { describe, expect, it } from "vitest";
import { CallError, cancellation } from "../call/call-error.ts";
import type { CallEvent } from "../call/call-event.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Handler } from "../call/handler.ts";
import type { Reply } from "../call/reply.ts";
import { sleep } from "../time/sleep.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { coalesce } from "./coalesce.ts";

const callOf = (id: string, question = "q"): Call => ({
  id,
  operation: "chat",
  model: { provider: "p", name: "m" },
  body: { question },
  demand: { inputTokens: 1, outputTokens: 1 },
});

const usage = { inputTokens: 1, outputTokens: 1, cachedTokens: 0, reasoningTokens: 0 };

/** Answers after a second, and tells of its attempt. */
const answer: Handler = async (call, { clock, signal, observe, attempt }) => {
  observe({ type: "attempt-start", at: clock.now(), id: call.id, attempt, queuedMs: 0 });
  const end = (code?: "cancelled"): void =>
    observe({ type: "attempt-end", at: clock.now(), id: call.id, attempt, elapsedMs: 1000, ...(code && { code }) });
  try {
    await sleep(clock, 1000, signal);
  } catch {
    end("cancelled");
    throw cancellation(signal.reason);
  }
  end();
  return { status: 200, body: {}, usage, deployment: call.id };
};

const setUp = (handler: Handler) => {
  const clock = new VirtualClock();
  const made: { readonly call: Call; readonly context: Context }[] = [];
  const stack = coalesce({ key: ({ body }) => body["question"] as string })((call, context) => {
    made.push({ call, context });
    return handler(call, context);
  });
  const ask = (call: Call, more: Partial<Context> = {}) => {
    const controller = new AbortController();
    const heard: CallEvent[] = [];
    const { signal } = controller;
    const context: Context = {
      signal,
      cancel: (reason) => controller.abort(reason),
      clock,
      attempt: 1,
      sequence: 0,
      observe: (event) => heard.push(event),
      ...more,
    };
    const outcome = stack(call, context).then(
      (reply: Reply) => reply,
      (error: unknown) => (error instanceof CallError ? error.code : String(error)),
    );
    return { controller, heard, outcome };
  };
  return { clock, made, ask };
};

const closed = new CallError("closed", "closing");

describe("coalesce", () => {
  it("makes identical calls in flight one call, and marks the answers that were not made for their own call", async () => {
    const { clock, made, ask } = setUp(answer);
    const first = ask(callOf("a"));
    await clock.advance(900);
    const second = ask(callOf("b"));
    const other = ask(callOf("c", "another"));
    await clock.until(Promise.all([first.outcome, second.outcome, other.outcome]));
    expect(made.map(({ call }) => call.id)).toEqual(["a", "c"]);
    expect(await first.outcome).toEqual({ status: 200, body: {}, usage, deployment: "a" });
    expect(await second.outcome).toEqual({ status: 200, body: {}, usage, deployment: "a", reused: "coalesced" });
    expect(await other.outcome).not.toHaveProperty("reused");
    expect([first.heard.length, second.heard.length]).toEqual([2, 0]);
  });

  it("asks anew when the answer is there", async () => {
    const { clock, made, ask } = setUp(answer);
    await clock.until(ask(callOf("a")).outcome);
    await clock.until(ask(callOf("b")).outcome);
    expect(made).toHaveLength(2);
  });

  it("leaves streams that somebody reads to themselves", async () => {
    const { clock, made, ask } = setUp(answer);
    const onEvent = (): void => undefined;
    await clock.until(Promise.all([ask(callOf("a")).outcome, ask(callOf("b"), { onEvent }).outcome]));
    expect(made).toHaveLength(2);
  });

  it.each(["ofMany", "elsewhere", "fresh"] as const)("tells apart calls whose %s differs", async (field) => {
    const { clock, made, ask } = setUp(answer);
    await clock.until(Promise.all([ask(callOf("a")).outcome, ask(callOf("b"), { [field]: true }).outcome]));
    expect(made).toHaveLength(2);
  });

  it("goes on for the others when the first is cancelled, and tells the next what happens from then on", async () => {
    const { clock, made, ask } = setUp(answer);
    const [first, second, third] = [ask(callOf("a")), ask(callOf("b")), ask(callOf("c"))];
    await clock.advance(500);
    first.controller.abort();
    expect(await first.outcome).toBe("cancelled");
    await clock.until(Promise.all([second.outcome, third.outcome]));
    expect(made).toHaveLength(1);
    expect(first.heard.map(({ type }) => type)).toEqual(["attempt-start"]);
    expect(second.heard.map(({ type, id }) => `${type} ${id}`)).toEqual(["attempt-end b"]);
    expect(await second.outcome).not.toHaveProperty("reused");
    expect(await third.outcome).toHaveProperty("reused", "coalesced");
  });

  it("cancels the call when all have left, with the reason of the last, who hears of its end", async () => {
    const { clock, made, ask } = setUp(answer);
    const [first, second] = [ask(callOf("a")), ask(callOf("b"))];
    await clock.advance(500);
    second.controller.abort();
    first.controller.abort(new CallError("timeout", "enough"));
    expect([await first.outcome, await second.outcome]).toEqual(["timeout", "cancelled"]);
    expect(made[0]?.context.signal.aborted).toBe(true);
    expect(first.heard.map(({ type }) => type)).toEqual(["attempt-start", "attempt-end"]);
    const third = ask(callOf("c"));
    await clock.until(third.outcome);
    expect(made).toHaveLength(2);
  });

  it("starts a call of its own for who comes while one that all have left is still ending", async () => {
    const slow: Handler = async (call, context) => {
      await answer(call, context).catch(() => sleep(context.clock, 5000, new AbortController().signal));
      return { status: 200, body: {}, deployment: call.id };
    };
    const { clock, made, ask } = setUp(slow);
    const first = ask(callOf("a"));
    await clock.advance(10);
    first.controller.abort();
    const second = ask(callOf("b"));
    await clock.advance(500);
    const third = ask(callOf("c"));
    await clock.until(Promise.all([first.outcome, second.outcome, third.outcome]));
    expect(made.map(({ call }) => call.id)).toEqual(["a", "b"]);
  });

  it("shares a failure", async () => {
    const { clock, made, ask } = setUp(async (_, context) => {
      await sleep(context.clock, 10, context.signal);
      throw new CallError("auth", "no");
    });
    const outcomes = [ask(callOf("a")).outcome, ask(callOf("b")).outcome];
    expect(await clock.until(Promise.all(outcomes))).toEqual(["auth", "auth"]);
    expect(made).toHaveLength(1);
  });

  it("asks again, for the most patient, when it failed for want of time that others have", async () => {
    const hurried: Handler = async (call, context) => {
      const { deadlineAt = Infinity, clock } = context;
      await sleep(clock, 10, context.signal);
      if (deadlineAt < 5000) throw new CallError("timeout", "no time", { retryable: false, tooLate: true });
      return answer(call, context);
    };
    const { clock, made, ask } = setUp(hurried);
    const calls = [ask(callOf("a"), { deadlineAt: 100 })];
    calls.push(ask(callOf("b"), { deadlineAt: 50 }), ask(callOf("c"), { deadlineAt: 6000 }), ask(callOf("d")));
    const outcomes = await clock.until(Promise.all(calls.map(({ outcome }) => outcome)));
    expect(outcomes.slice(0, 2)).toEqual(["timeout", "timeout"]);
    expect(outcomes.slice(2)).toMatchObject([{ deployment: "d", reused: "coalesced" }, { deployment: "d" }]);
    expect(made.map(({ call }) => call.id)).toEqual(["a", "d"]);
  });

  it("asks again for who has other clocks when an attempt ran into those of the first", async () => {
    const { clock, made, ask } = setUp(async (call, context) => {
      if (context.timeouts?.attemptMs === 500) throw new CallError("timeout", "attempt");
      return answer(call, context);
    });
    const own = { timeouts: { attemptMs: 500 } };
    const calls = [ask(callOf("a"), own), ask(callOf("b"), own), ask(callOf("c")), ask(callOf("d"))];
    const outcomes = await clock.until(Promise.all(calls.map(({ outcome }) => outcome)));
    expect(outcomes).toMatchObject(["timeout", "timeout", { deployment: "c" }, { deployment: "c" }]);
    expect(made.map(({ call }) => call.id)).toEqual(["a", "c"]);
  });
});

describe("coalesce, when a client closes", () => {
  it("gives an answer that is in flight to all who wait for it", async () => {
    const { clock, ask } = setUp(answer);
    const calls = [ask(callOf("a")), ask(callOf("b")), ask(callOf("c"))];
    await clock.advance(500);
    // The first has a request out: it is not ended.
    for (const { controller } of calls.slice(1)) controller.abort(closed);
    await clock.until(Promise.all(calls.map(({ outcome }) => outcome)));
    expect(await calls[1]?.outcome).toMatchObject({ deployment: "a", reused: "coalesced" });
  });

  it("ends who waits for what is not in flight", async () => {
    const { clock, ask } = setUp((call, context) =>
      sleep(context.clock, 1000, context.signal).then(() => answer(call, context)),
    );
    const [first, second] = [ask(callOf("a")), ask(callOf("b"))];
    await clock.advance(500);
    second.controller.abort(closed);
    expect(await second.outcome).toBe("closed");
    await clock.until(first.outcome);
  });

  it("ends all of them when what was in flight is to be tried again", async () => {
    const failing: Handler = async (call, context) => {
      const { clock, observe, signal } = context;
      observe({ type: "attempt-start", at: clock.now(), id: call.id, attempt: 1, queuedMs: 0 });
      await sleep(clock, 1000, signal);
      const failed = { at: clock.now(), id: call.id, attempt: 1, code: "server" } as const;
      observe({ type: "attempt-end", ...failed, elapsedMs: 1000 });
      observe({ type: "call-retry", ...failed, message: "broken", waitMs: 1000 });
      if (signal.aborted) throw cancellation(signal.reason);
      await sleep(clock, 1000, signal).catch((reason: unknown) => {
        throw cancellation(reason);
      });
      return answer(call, context);
    };
    const { clock, made, ask } = setUp(failing);
    const first = ask(callOf("a"));
    const second = ask(callOf("b"));
    await clock.advance(500);
    second.controller.abort(closed);
    await clock.advance(600);
    expect(await second.outcome).toBe("closed");
    first.controller.abort(closed);
    expect(await first.outcome).toBe("closed");
    expect(made).toHaveLength(1);
    expect(clock.armed).toBe(0);
  });
});
