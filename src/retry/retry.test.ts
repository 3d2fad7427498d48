import { describe, expect, it } from "vitest";
import { oneCall as call, oneReply as reply } from "../../test/fixtures/one-call.ts";
import { CallError, type CallErrorCode } from "../call/call-error.ts";
import type { CallEvent } from "../call/call-event.ts";
import type { Context } from "../call/context.ts";
import type { Handler } from "../call/handler.ts";
import { sleep } from "../time/sleep.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { RetryBudget } from "./retry-budget.ts";
import { type RetryOptions, retryPolicy } from "./retry-options.ts";
import { retry } from "./retry.ts";

const part = (text: string) => ({ body: {}, text, content: text !== "" });

const world = (handler: Handler, options: number | RetryOptions = {}, onEvent?: Context["onEvent"]) => {
  const clock = new VirtualClock();
  const budget = new RetryBudget(0);
  const events: CallEvent[] = [];
  const controller = new AbortController();
  const { signal } = controller;
  const attempts: number[] = [];
  const counted: Handler = (one, context) => {
    attempts.push(clock.now());
    return handler(one, context);
  };
  const context: Context = {
    signal,
    cancel: (reason) => controller.abort(reason),
    clock,
    attempt: 0,
    sequence: 3,
    observe: (event) => events.push(event),
    ...(onEvent === undefined ? {} : { onEvent }),
  };
  const layer = retry({ policy: retryPolicy(options), budget, clock, rng: () => 0.5 });
  return { clock, budget, events, controller, attempts, run: () => layer(counted)(call, context) };
};

/** Fails with each of the codes in turn, and then answers. */
const failing = (...codes: readonly CallErrorCode[]): Handler => {
  let attempt = 0;
  return async () => {
    const code = codes[attempt++];
    if (code !== undefined) throw new CallError(code, "no", { status: 503 });
    return reply;
  };
};

describe("retry", () => {
  it("counts its longest time from the first failure: a long wait in our own queue takes none of it", async () => {
    let waited = false;
    const { clock, attempts, run } = world(
      async (_, context) => {
        if (attempts.length > 2) return reply;
        if (!waited) await sleep(context.clock, 3_600_000, context.signal);
        waited = true;
        throw new CallError(attempts.length === 1 ? "throttled" : "server", "no");
      },
      { maxTime: "1m" },
    );
    expect(await clock.until(run())).toBe(reply);
    expect(attempts).toHaveLength(3);
  });

  it("makes a call again until it succeeds, and tells of each wait", async () => {
    const { clock, attempts, events, run } = world(failing("server", "throttled", "overloaded"));
    expect(await clock.until(run())).toBe(reply);
    expect(attempts).toEqual([0, 125, 125, 1125]);
    expect(events).toEqual([
      { type: "call-retry", at: 0, id: "c", attempt: 1, code: "server", message: "no", waitMs: 125, status: 503 },
      { type: "call-retry", at: 125, id: "c", attempt: 2, code: "throttled", message: "no", waitMs: 0, status: 503 },
      {
        type: "call-retry",
        at: 125,
        id: "c",
        attempt: 3,
        code: "overloaded",
        message: "no",
        waitMs: 1000,
        status: 503,
      },
    ]);
    expect(clock.armed).toBe(0);
  });

  it("numbers the attempts and keeps the call's place in line", async () => {
    const seen: unknown[] = [];
    const handler = failing("server");
    const { clock, run } = world((one, context) => {
      seen.push([context.attempt, context.sequence]);
      return handler(one, context);
    });
    await clock.until(run());
    expect(seen).toEqual([
      [1, 3],
      [2, 3],
    ]);
  });

  it("throws the last failure, with the number of attempts, when they are used up", async () => {
    const codes: CallErrorCode[] = ["server", "network", "server", "malformed"];
    const { clock, attempts, run } = world(failing(...codes), 3);
    await expect(clock.until(run())).rejects.toMatchObject({ code: "malformed", attempts: 4, retryable: true });
    expect(attempts).toHaveLength(4);
  });

  it("makes one attempt when there are no retries, or when the failure is final", async () => {
    await expect(world(failing("server"), 0).run()).rejects.toMatchObject({ code: "server", attempts: 1 });
    await expect(world(failing("auth")).run()).rejects.toMatchObject({ code: "auth", attempts: 1 });
  });

  it("begins no retry later than it may, and pays for none that it does not begin", async () => {
    const { clock, budget, attempts, run } = world(failing(...Array<CallErrorCode>(9).fill("server")), {
      maxTime: "1s",
      onEmptyBudget: "wait",
    });
    budget.succeeded();
    while (budget.spend(0, 1));
    await expect(clock.until(run())).rejects.toMatchObject({ code: "server", attempts: 1 });
    expect(attempts).toHaveLength(1);
    expect(budget.spend(9000, 1)).toBe(false);
  });

  it("fails when the pool's budget is empty, and says so", async () => {
    const { budget, run } = world(failing("server"));
    while (budget.spend(0, 1));
    await expect(run()).rejects.toMatchObject({
      code: "server",
      attempts: 1,
      message: expect.stringMatching(/budget/),
    });
  });

  it("waits for the budget if told to, but not where nothing has ever succeeded", async () => {
    const patient = world(failing("server"), { onEmptyBudget: "wait" });
    patient.budget.succeeded();
    while (patient.budget.spend(0, 1));
    await patient.clock.until(patient.run());
    expect(patient.attempts).toEqual([0, 10_000]);
    const hopeless = world(failing("server"), { onEmptyBudget: "wait" });
    while (hopeless.budget.spend(0, 1));
    await expect(hopeless.run()).rejects.toMatchObject({ code: "server", attempts: 1 });
  });

  it("comes back from an outage at the speed of the answers: each success lets one waiting retry go", async () => {
    let down = true;
    const { clock, budget, run } = world(
      async (_, context) => {
        await sleep(context.clock, 100, context.signal);
        if (down) throw new CallError("server", "down");
        return reply;
      },
      { onEmptyBudget: "wait", retries: 1000 },
    );
    budget.succeeded();
    const calls = Array.from({ length: 100 }, run);
    await clock.advance(60_000);
    down = false;
    const upAt = clock.now();
    const fresh = Array.from({ length: 20 }, run);
    await clock.until(Promise.all([...calls, ...fresh]));
    expect(clock.now() - upAt).toBeLessThan(15_000);
    expect(clock.armed).toBe(0);
  });

  it("ends in the turn in which it is cancelled, with no timer left and the retry paid back", async () => {
    const { clock, budget, controller, run } = world(failing("server"));
    const running = run();
    await clock.advance(0);
    expect(clock.armed).toBe(1);
    controller.abort(new Error("the user left"));
    await expect(running).rejects.toMatchObject({ code: "cancelled", attempts: 1, retryable: false });
    expect([clock.now(), clock.armed]).toEqual([0, 0]);
    let left = 0;
    while (budget.spend(0, 1)) left += 1;
    expect(left).toBe(50);
  });

  it("ends with the signal's reason when an attempt is cancelled", async () => {
    const { controller, run } = world(async () => {
      controller.abort(new CallError("timeout", "the call took too long"));
      throw new CallError("network", "the connection was closed");
    });
    await expect(run()).rejects.toMatchObject({ code: "timeout", retryable: false, attempts: 1 });
  });

  it("treats what nobody foresaw as final", async () => {
    const slip = new TypeError("a slip");
    const { attempts, run } = world(() => Promise.reject(slip));
    await expect(run()).rejects.toMatchObject({ code: "server", retryable: false, cause: slip, attempts: 1 });
    expect(attempts).toHaveLength(1);
  });
});

describe("retry of a stream", () => {
  it("is final once content was handed over, and keeps the text", async () => {
    const text: string[] = [];
    const handler: Handler = async (_call, { onEvent }) => {
      for (const piece of ["", "Once ", "upon"]) await onEvent?.(part(piece));
      throw new CallError("network", "cut");
    };
    const { attempts, run } = world(handler, {}, (event) => void text.push(event.text));
    await expect(run()).rejects.toMatchObject({ code: "interrupted", partial: "Once upon", retryable: false });
    expect([attempts.length, text.join("")]).toEqual([1, "Once upon"]);
  });

  it("is invisible before any content was handed over", async () => {
    const text: string[] = [];
    let attempt = 0;
    const handler: Handler = async (_call, { onEvent }) => {
      await onEvent?.(part(""));
      if (++attempt === 1) throw new CallError("network", "cut");
      await onEvent?.(part("whole"));
      return reply;
    };
    const { clock, run } = world(handler, {}, (event) => void text.push(event.text));
    expect(await clock.until(run())).toBe(reply);
    expect(text).toEqual(["", "", "whole"]);
  });

  it("restarts freely when nobody listens", async () => {
    const { clock, attempts, run } = world(failing("malformed", "timeout"));
    await clock.until(run());
    expect(attempts).toHaveLength(3);
  });

  it("tells a cancelled reader how far it came", async () => {
    const handler: Handler = async (_call, { onEvent }) => {
      await onEvent?.(part("half"));
      controller.abort(new Error("the user left"));
      throw new CallError("cancelled", "The call was cancelled");
    };
    const { controller, run } = world(handler, {}, () => undefined);
    await expect(run()).rejects.toMatchObject({ code: "cancelled", partial: "half" });
  });
});
