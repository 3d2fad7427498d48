import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Permit } from "../call/limiter.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { Pools, type PoolsOptions } from "./pools.ts";

const call = (provider: string, tokens = 10): Call => ({
  id: "1",
  operation: "chat",
  model: { provider, name: "m" },
  body: {},
  demand: { inputTokens: tokens, outputTokens: 0 },
});

const setUp = (options: Partial<PoolsOptions> = {}) => {
  const clock = new VirtualClock();
  const pools = new Pools({
    clock,
    limits: {},
    maxQueued: 1000,
    order: "fifo",
    learned: {},
    parkedMs: () => undefined,
    scopeOf: ({ model }) => ({ name: model.provider }),
    ...options,
  });
  let sequence = 0;
  const contextOf = (signal: AbortSignal = new AbortController().signal): Context => ({
    signal,
    cancel: () => undefined,
    clock,
    attempt: 1,
    sequence: sequence++,
    observe: () => undefined,
  });
  const acquire = (provider: string, tokens?: number, signal?: AbortSignal): Promise<Permit> =>
    pools.acquire(call(provider, tokens), contextOf(signal));
  return { clock, pools, acquire };
};

const usage = { inputTokens: 10, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 };

describe("Pools", () => {
  it("keep a limit that is set for all of them, whoever asks and whenever the second one comes", async () => {
    const steps = fc.array(
      fc.record({
        provider: fc.constantFrom("a", "b", "c"),
        waitMs: fc.integer({ min: 0, max: 3000 }),
        cancel: fc.boolean(),
      }),
      { minLength: 5, maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 5 }), async (asked, most) => {
        const { clock, pools, acquire } = setUp({ limits: { maxConcurrent: most, requestsPerMinute: 30 } });
        const starts: number[] = [];
        let running = 0;
        let peak = 0;
        const works = asked.map(async ({ provider, waitMs, cancel }) => {
          const controller = new AbortController();
          clock.schedule(waitMs, () => cancel && controller.abort(new Error("no")));
          const permit = await acquire(provider, 10, controller.signal).catch(() => undefined);
          if (permit === undefined) return;
          starts.push(clock.now());
          running += 1;
          peak = Math.max(peak, running);
          await new Promise<void>((resolve) => void clock.schedule(clock.now() + waitMs, resolve));
          running -= 1;
          permit.settle({ ok: true, usage });
        });
        await clock.until(Promise.all(works));
        expect(peak).toBeLessThanOrEqual(most);
        for (const at of starts)
          expect(starts.filter((other) => other >= at && other < at + 60_000).length).toBeLessThanOrEqual(30);
        expect([pools.inFlight, pools.queued]).toEqual([0, 0]);
      }),
      { numRuns: 60 },
    );
  });

  it("share out what all of them wait for, and none takes it all", async () => {
    const { clock, acquire } = setUp({ limits: { maxConcurrent: 2 } });
    const served: string[] = [];
    const work = async (provider: string): Promise<void> => {
      const permit = await acquire(provider);
      served.push(provider);
      await new Promise<void>((resolve) => void clock.schedule(clock.now() + 100, resolve));
      permit.settle({ ok: true, usage });
    };
    await clock.until(Promise.all("aaaaaaaaaabbbbbbbbbb".split("").map(work)));
    const early = served.slice(0, 12);
    expect(early.filter((provider) => provider === "b").length).toBeGreaterThanOrEqual(3);
  });

  it("have limits of their own beside those of all", async () => {
    const { acquire, pools } = setUp({
      limits: { maxConcurrent: 10 },
      scopeOf: ({ model }) => ({ name: model.provider, limits: { maxConcurrent: model.provider === "a" ? 1 : 20 } }),
    });
    await acquire("a");
    const second = acquire("a");
    await acquire("b");
    expect(pools.all.map(({ name, limiter }) => [name, limiter.inFlight, limiter.queued, limiter.concurrency])).toEqual(
      [
        ["a", 1, 1, 1],
        ["b", 1, 0, 10],
      ],
    );
    pools.close().catch(() => undefined);
    await expect(second).rejects.toMatchObject({ code: "closed" });
  });

  it("pause, go on and change their limits together, those to come as well", async () => {
    const { acquire, pools } = setUp();
    pools.pause();
    const waiting = [acquire("a"), acquire("b")];
    expect(pools.queued).toBe(2);
    pools.setLimits({ maxConcurrent: 1 });
    pools.resume();
    await Promise.race(waiting);
    expect([pools.inFlight, pools.queued]).toEqual([1, 1]);
    expect(pools.all.map(({ limiter }) => limiter.concurrency)).toEqual([1, 1]);
  });

  it("are no more than their bound: calls of further ones count with the first", async () => {
    const { acquire, pools } = setUp({ maxPools: 2 });
    for (const provider of ["a", "b", "c", "d"]) await acquire(provider);
    expect(pools.all.map(({ name, limiter }) => [name, limiter.inFlight])).toEqual([
      ["a", 3],
      ["b", 1],
    ]);
  });

  it("start at once what a raised limit lets in, and not more", async () => {
    const { acquire, pools } = setUp({ limits: { maxConcurrent: 1 } });
    const ten = Array.from({ length: 10 }, (_, index) => acquire(index % 2 === 0 ? "a" : "b"));
    for (const permit of ten) permit.catch(() => undefined);
    expect(pools.inFlight).toBe(1);
    pools.setLimits({ maxConcurrent: 3 });
    expect(pools.inFlight).toBe(3);
    pools.setLimits({ maxConcurrent: 4 });
    expect(pools.inFlight).toBe(4);
    expect(() => pools.setLimits({ maxConcurrent: 0 })).toThrow(RangeError);
    pools.close().catch(() => undefined);
  });

  it("refuse a limit that is none even before there is a pool", () => {
    const { acquire, pools } = setUp();
    expect(() => pools.setLimits({ requestsPerMinute: -1 })).toThrow(RangeError);
    return expect(acquire("a")).resolves.toBeDefined();
  });

  it("keep what is configured for one alone when the limits of all change, and when there are too many pools", async () => {
    const own = (provider: string) => (provider === "own" ? { limits: { maxConcurrent: 1 } } : {});
    const { acquire, pools } = setUp({
      maxPools: 1,
      scopeOf: ({ model }) => ({ name: model.provider, ...own(model.provider) }),
    });
    await acquire("a");
    await acquire("own");
    pools.setLimits({ maxConcurrent: 20 });
    acquire("own").catch(() => undefined);
    await acquire("b");
    expect(pools.all.map(({ name, limiter }) => [name, limiter.inFlight, limiter.queued])).toEqual([
      ["a", 2, 0],
      ["own", 1, 1],
    ]);
    pools.close().catch(() => undefined);
  });

  it("find what they have learned again, in whatever order they are opened the next time", () => {
    const rates = { requestsPerMinute: { limit: 500 } };
    const { pools } = setUp({ learned: { pools: { a: { rates } } } });
    for (const provider of ["a", "b"]) pools.of(call(provider));
    const { pools: next } = setUp({ learned: pools.learned });
    for (const provider of ["b", "a"]) next.of(call(provider));
    expect(next.all.map(({ limiter }) => limiter.learned.rates)).toEqual([undefined, rates]);
  });

  it("remember what each has learned by its name, and begin there", () => {
    const rates = { requestsPerMinute: { limit: 500 } };
    const { pools } = setUp({ learned: { maxConcurrent: 20, pools: { b: { rates } } } });
    pools.of(call("a"));
    pools.of(call("b"));
    expect(pools.learned.pools?.["b"]).toEqual({ rates });
    expect(pools.all[0]?.limiter.concurrency).toBe(16);
  });
});
