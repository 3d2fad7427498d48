import { describe, expect, it } from "vitest";
import { CallError, cancellation, type CallErrorCode } from "../call/call-error.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import { compose, type Handler, type Layer } from "../call/handler.ts";
import type { Reply } from "../call/reply.ts";
import { RetryBudget } from "../retry/retry-budget.ts";
import { retryPolicy } from "../retry/retry-options.ts";
import { retry } from "../retry/retry.ts";
import { seededRng } from "../time/rng.ts";
import { sleep } from "../time/sleep.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { Breakers } from "./breakers.ts";
import { breaker } from "./breaker.ts";

const reply: Reply = { status: 200, body: {}, deployment: "here" };
const callOf = (provider: string): Call => ({
  id: "c",
  operation: "chat",
  model: { provider, name: "m" },
  body: {},
  demand: { inputTokens: 1, outputTokens: 1 },
});

/** Stands for the limiter: so many at once, in the order in which they came. */
const slots = (size: number): Layer => {
  const line: (() => void)[] = [];
  let used = 0;
  return (next) => async (call, context) => {
    const { signal, clock, attempt, observe } = context;
    while (used >= size) await new Promise<void>((resolve) => line.push(resolve));
    if (signal.aborted) {
      line.shift()?.();
      throw cancellation(signal.reason);
    }
    used += 1;
    try {
      observe({ type: "attempt-start", at: clock.now(), id: call.id, attempt, queuedMs: 0 });
      return await next(call, context);
    } finally {
      used -= 1;
      line.shift()?.();
    }
  };
};

interface Starts {
  at: number;
  failed: boolean;
}

/** A provider that takes 100 ms and is down while `down` says so; `code` is how it fails. */
const world = (concurrency: number, code: CallErrorCode = "server", maxWaiting = 1000) => {
  const clock = new VirtualClock();
  const breakers = new Breakers({ clock, rng: () => 0.5, maxDeployments: 2, maxWaiting });
  const provider = { down: false, tookMs: 100 };
  const starts: Starts[] = [];
  const handler: Handler = async (_, context) => {
    const start = { at: clock.now(), failed: provider.down };
    starts.push(start);
    await sleep(clock, provider.tookMs, context.signal).catch((reason: unknown) => {
      throw cancellation(reason);
    });
    if (start.failed) throw new CallError(code, "down", { unreachable: code === "network" });
    return reply;
  };
  let sequence = 0;
  const controller = new AbortController();
  const run = (layer: Layer, changes: Partial<Context> = {}, name = "openai"): Promise<Reply> =>
    layer(handler)(callOf(name), {
      signal: controller.signal,
      cancel: (reason) => controller.abort(reason),
      clock,
      attempt: 1,
      sequence: sequence++,
      observe: () => undefined,
      ofMany: true,
      ...changes,
    });
  const guarded = compose(breaker(breakers), slots(concurrency));
  const rng = seededRng(7);
  const retried = compose(retry({ policy: retryPolicy(undefined), budget: new RetryBudget(0), clock, rng }), guarded);
  /** Makes it work once, and then fail until the breaker is open. */
  const outage = async (): Promise<void> => {
    await clock.until(run(guarded));
    provider.down = true;
    const calls = Array.from({ length: 10 }, () => run(guarded));
    await clock.until(Promise.allSettled(calls));
  };
  return { clock, breakers, provider, starts, controller, run, guarded, retried, outage };
};

describe("breaker", () => {
  it("refuses a call alone at once while it is open, and says what, why and when it tries again", async () => {
    const { clock, starts, run, guarded, outage, breakers } = world(16);
    await outage();
    const before = starts.length;
    await expect(run(guarded, { ofMany: false })).rejects.toMatchObject({
      code: "overloaded",
      retryable: true,
      retryAfterMs: 5000,
      message:
        "Not sent: openai is left alone because 8 attempts in a row failed; one call tries it again in 5 s; the last failure: down",
    });
    await clock.advance(5000);
    const probe = run(guarded, { ofMany: false });
    await expect(clock.until(probe)).rejects.toMatchObject({ code: "server" });
    await expect(run(guarded, { ofMany: false })).rejects.toMatchObject({ retryable: false, retryAfterMs: 10_000 });
    expect(starts.length).toBe(before + 1);
    expect(breakers.stats).toEqual([{ deployment: "openai", state: "open", waiting: 0, retryAfterMs: 10_000 }]);
    expect(clock.armed).toBe(0);
  });

  it("lets calls alone through one after the other while it recovers, and fails none of them", async () => {
    const { clock, provider, run, guarded, outage, breakers } = world(64);
    await outage();
    provider.down = false;
    provider.tookMs = 4000;
    await clock.advance(5000);
    const calls: Promise<Reply>[] = [];
    for (let index = 0; index < 100; index++) {
      calls.push(run(guarded, { ofMany: false }));
      await clock.advance(100);
    }
    expect(breakers.stats[0]).toMatchObject({ state: "half-open" });
    expect(await clock.until(Promise.all(calls))).toHaveLength(100);
    expect([breakers.stats[0]?.waiting, clock.armed]).toEqual([0, 0]);
  });

  it("opens for answers that are mangled", async () => {
    const { outage, breakers } = world(16, "malformed");
    await outage();
    expect(breakers.stats[0]?.state).toBe("open");
  });

  it("has a call of many wait on one timer, and ends the wait when the call is cancelled", async () => {
    const { clock, controller, run, guarded, outage, breakers } = world(16);
    await outage();
    const calls = Array.from({ length: 50 }, () => run(guarded));
    const results = Promise.allSettled(calls);
    await clock.advance(1000);
    expect([clock.armed, breakers.stats[0]?.waiting]).toEqual([1, 50]);
    controller.abort(new CallError("cancelled", "enough"));
    expect(new Set((await results).map((one) => one.status === "rejected" && String(one.reason)))).toEqual(
      new Set(["CallError: enough"]),
    );
    expect([clock.armed, breakers.stats[0]?.waiting]).toEqual([0, 0]);
  });

  it("fails a call whose time is up before the next try, instead of keeping it", async () => {
    const { clock, run, guarded, outage } = world(16);
    await outage();
    await expect(run(guarded, { deadlineAt: clock.now() + 4000 })).rejects.toMatchObject({
      code: "overloaded",
      retryable: false,
    });
  });

  it("keeps one deployment's failures from another's calls, and remembers only so many deployments", async () => {
    const { clock, provider, run, guarded, outage, breakers } = world(16);
    await outage();
    provider.down = false;
    expect(await clock.until(run(guarded, { ofMany: false }, "groq"))).toBe(reply);
    expect(await clock.until(run(guarded, { ofMany: false }, "mistral"))).toBe(reply);
    expect(breakers.stats.map(({ deployment }) => deployment)).toHaveLength(2);
  });

  it("stays closed for 429s and for what the caller ends", async () => {
    const { clock, run, guarded, outage, breakers } = world(16, "throttled");
    await outage();
    expect(breakers.stats[0]?.state).toBe("closed");
    const controller = new AbortController();
    const calls = Array.from({ length: 16 }, () => run(guarded, { signal: controller.signal }));
    await clock.advance(1);
    controller.abort();
    await Promise.allSettled(calls);
    expect(breakers.stats[0]?.state).toBe("closed");
  });

  it.each(["server", "network"] as const)(
    "leaves a deployment that dies alone after at most 25 failed attempts (%s), and loses no call of many",
    async (code) => {
      const { clock, provider, starts, run, retried } = world(16, code);
      const calls = Promise.all(Array.from({ length: 500 }, () => run(retried, { attempt: 0 })));
      await clock.advance(1000);
      provider.down = true;
      const diedAt = clock.now();
      await clock.advance(4000);
      expect(starts.filter(({ at, failed }) => failed && at >= diedAt - 100).length).toBeLessThanOrEqual(25);
      // Ten minutes later: probes only.
      await clock.advance(600_000);
      expect(starts.filter(({ failed }) => failed).length).toBeLessThanOrEqual(25 + 12);
      provider.down = false;
      expect(await clock.until(calls)).toHaveLength(500);
      expect(clock.armed).toBe(0);
    },
  );

  it("brings a crowd of 500 back along the ramp, not as a storm", async () => {
    const { clock, provider, starts, run, guarded, outage } = world(64);
    const warm = Array.from({ length: 64 }, () => run(guarded));
    await clock.until(Promise.all(warm));
    await outage();
    provider.down = false;
    const recoveredAt = clock.now();
    const calls = Promise.all(Array.from({ length: 500 }, () => run(guarded)));
    await clock.until(calls);
    const rounds = new Map<number, number>();
    for (const { at } of starts) if (at >= recoveredAt) rounds.set(at, (rounds.get(at) ?? 0) + 1);
    expect([...rounds.values()].slice(0, 5)).toEqual([1, 3, 16, 32, 64]);
    expect(Math.max(...rounds.values())).toBe(64);
    expect(clock.armed).toBe(0);
  });

  it("lets the calls that were tried least go first, so that no call is used up as a probe", async () => {
    const { clock, run, guarded, outage } = world(16);
    await outage();
    const order: string[] = [];
    const note = (name: string) => ({ observe: () => void order.push(name) });
    const calls = Promise.allSettled([
      run(guarded, { attempt: 4, ...note("tried") }),
      run(guarded, { attempt: 1, ...note("new") }),
    ]);
    await clock.advance(5000);
    expect(order).toEqual(["new"]);
    await clock.advance(60_000);
    expect(order).toEqual(["new", "tried"]);
    await calls;
  });

  it("refuses with queue_full what would wait beyond its bound", async () => {
    const { clock, controller, run, guarded, outage } = world(16, "server", 1);
    await outage();
    const waiting = run(guarded);
    await expect(run(guarded)).rejects.toMatchObject({ code: "queue_full", retryable: false });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
    expect(() => new Breakers({ clock, rng: () => 0, maxWaiting: -1 })).toThrow(
      'Cannot make breakers: "maxWaiting" must be a whole number of at least 0, got -1',
    );
    expect(() => new Breakers({ clock, rng: () => 0, maxDeployments: 0 })).toThrow(
      'Cannot make breakers: "maxDeployments" must be a whole number of at least 1, got 0',
    );
  });
});
