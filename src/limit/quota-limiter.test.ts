import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import type { Demand } from "../call/call.ts";
import type { Permit } from "../call/limiter.ts";
import { sleep } from "../time/sleep.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import type { Limits } from "./limits.ts";
import { QuotaLimiter, type QuotaLimiterOptions } from "./quota-limiter.ts";

const usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 };
const throttled = (retryAfterMs?: number): CallError =>
  new CallError("throttled", "slow down", { status: 429, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

/** A limiter on a virtual clock, and the permits that it has granted so far, in order. */
const world = (limits: Limits, options: Partial<QuotaLimiterOptions> = {}) => {
  const clock = new VirtualClock();
  const limiter = new QuotaLimiter({ clock, limits, ...options });
  const granted: string[] = [];
  const permits: Permit[] = [];
  let sequence = 0;
  const admit = async (id: string, demand: Partial<Demand> = {}, more: { priority?: number; again?: boolean } = {}) => {
    const controller = new AbortController();
    controllers.set(id, controller);
    const whole = { inputTokens: 0, outputTokens: 0, ...demand };
    const { signal } = controller;
    const permit = await limiter.admit({ id, demand: whole, priority: 0, sequence: sequence++, signal, ...more });
    granted.push(id);
    permits.push(permit);
    return permit;
  };
  const controllers = new Map<string, AbortController>();
  const cancel = (id: string): void => controllers.get(id)?.abort(new Error("enough"));
  return { clock, limiter, granted, permits, admit, cancel };
};

const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "granted",
    (error: unknown) => (error instanceof CallError ? error.code : String(error)),
  );

describe("QuotaLimiter", () => {
  it("grants the next in line in the same turn in which room is made", async () => {
    const { clock, limiter, permits, admit } = world({ maxConcurrent: 2 });
    const all = ["a", "b", "c", "d"].map((id) => admit(id));
    await clock.advance(0);
    expect([limiter.queued, limiter.inFlight, limiter.boundBy]).toEqual([2, 2, "maxConcurrent"]);
    permits[0]?.settle({ ok: true, usage });
    expect([limiter.queued, limiter.inFlight]).toEqual([1, 2]);
    permits[1]?.[Symbol.dispose]();
    expect([limiter.queued, limiter.inFlight]).toEqual([0, 2]);
    await Promise.all(all);
    expect(clock.armed).toBe(0);
  });

  it("grants a retry before younger calls, and a higher priority before both", async () => {
    const { clock, limiter, granted, permits, admit } = world({ maxConcurrent: 1 });
    const demand = { inputTokens: 0, outputTokens: 0 };
    const all = [admit("running"), admit("young")];
    await clock.advance(0);
    const { signal } = new AbortController();
    all.push(limiter.admit({ id: "retry", demand, priority: 0, sequence: -1, signal }));
    all.push(admit("urgent", {}, { priority: 1 }));
    for (let turn = 0; turn < 4; turn++) {
      permits.at(-1)?.settle({ ok: true, usage });
      await clock.advance(0);
      if (turn === 1) (await all[2])?.settle({ ok: true, usage });
    }
    expect(granted).toEqual(["running", "urgent", "young"]);
  });

  it("takes a cancelled call out of the queue at once, and lets the others go on", async () => {
    const { clock, limiter, granted, admit, cancel } = world({ tokensPerMinute: 1000 });
    const all = [admit("first", { inputTokens: 1000 }), code(admit("large", { inputTokens: 900 }))];
    all.push(admit("small", { inputTokens: 200 }));
    await clock.advance(10);
    expect([granted, limiter.queued, clock.armed]).toEqual([["first"], 2, 1]);
    cancel("large");
    await clock.advance(0);
    expect(await all[1]).toBe("cancelled");
    expect([limiter.queued, limiter.boundBy]).toEqual([1, "tokensPerMinute"]);
    await clock.until(Promise.all(all));
    expect(granted).toEqual(["first", "small"]);
  });

  it("does not queue a call that was cancelled before", async () => {
    const { clock, limiter } = world({});
    const demand = { inputTokens: 0, outputTokens: 0 };
    const signal = AbortSignal.abort(new CallError("timeout", "too late"));
    expect(await code(limiter.admit({ id: "a", demand, priority: 0, sequence: 0, signal }))).toBe("timeout");
    expect([limiter.queued, limiter.inFlight, clock.armed]).toEqual([0, 0, 0]);
  });

  it("refuses at once what can never fit, and says why", async () => {
    const { admit } = world({ tokensPerMinute: 1000 });
    await expect(admit("a", { inputTokens: 900, outputTokens: 101 })).rejects.toMatchObject({
      code: "too_large",
      message:
        "Cannot start call a: it needs 1001 tokens, but tokensPerMinute is 1000; shorten it, lower its maximum output, or raise the limit",
    });
    expect(await code(admit("b", { inputTokens: 900, outputTokens: 5000, outputIsGuess: true }))).toBe("granted");
    expect(await code(admit("c", { inputTokens: 1001, outputTokens: 5000, outputIsGuess: true }))).toBe("too_large");
  });

  it("refuses a call when too many wait, but not one that it has let in before", async () => {
    const { clock, limiter, permits, admit } = world({ maxConcurrent: 1 }, { maxQueued: 2 });
    const waiting = ["a", "b", "c"].map((id) => code(admit(id)));
    await expect(admit("d")).rejects.toMatchObject({
      code: "queue_full",
      message: 'Cannot queue call d: 2 calls wait already; wait for some to end or raise "maxQueued"',
    });
    waiting.push(code(admit("again", {}, { again: true })));
    await clock.advance(0);
    expect(limiter.queued).toBe(3);
    const closing = limiter.close();
    expect(await Promise.all(waiting)).toEqual(["granted", "closed", "closed", "closed"]);
    permits[0]?.settle({ ok: true, usage });
    await closing;
  });

  it("gives back what was not used, once", async () => {
    const { clock, limiter, permits, admit } = world({ tokensPerMinute: 1000 });
    await admit("a", { inputTokens: 1000 });
    const used = (): number | undefined => limiter.stats().find(({ name }) => name === "tokensPerMinute")?.used;
    expect(used()).toBe(1000);
    permits[0]?.settle({ ok: true, usage: { ...usage, inputTokens: 300 } });
    permits[0]?.settle({ ok: true, usage });
    permits[0]?.[Symbol.dispose]();
    expect([used(), limiter.inFlight]).toEqual([300, 0]);
    await clock.advance(60_300);
    expect(used()).toBe(0);
  });

  it("starts nothing while it is paused, and at once when it goes on", async () => {
    const { clock, limiter, granted, admit } = world({ requestsPerMinute: 60 });
    limiter.pause();
    const waiting = admit("a");
    await clock.advance(600_000);
    expect([granted, limiter.boundBy, clock.armed]).toEqual([[], "paused", 0]);
    limiter.resume();
    expect(limiter.queued).toBe(0);
    await waiting;
  });

  it("ends what waits when it closes, and has closed when what runs has ended", async () => {
    const { clock, limiter, permits, admit } = world({ maxConcurrent: 1 });
    const calls = [admit("a"), admit("b"), admit("c")].map(code);
    await clock.advance(0);
    let closed = 0;
    const closing = [limiter.close(), limiter.close()].map((one) => one.then(() => closed++));
    expect(await Promise.all(calls)).toEqual(["granted", "closed", "closed"]);
    expect([await code(admit("d")), closed]).toEqual(["closed", 0]);
    permits[0]?.settle({ ok: true, usage });
    await Promise.all(closing);
    expect([limiter.queued, limiter.inFlight, clock.armed]).toEqual([0, 0, 0]);
  });
});

describe("QuotaLimiter, when its limits change", () => {
  it("goes on counting what was started", async () => {
    const { clock, limiter, granted, admit } = world({ maxConcurrent: 100, requestsPerMinute: 60 });
    const all = Array.from({ length: 12 }, (_, index) => admit(String(index)));
    await clock.advance(5000);
    expect(granted).toHaveLength(5);
    limiter.setLimits({ requestsPerMinute: 10 });
    await clock.advance(55_000);
    expect(granted).toHaveLength(10);
    limiter.setLimits({ requestsPerMinute: 600 });
    await clock.until(Promise.all(all));
    expect(clock.now()).toBeLessThan(60_500);
  });

  it("gives nobody back what a limit that is new never counted", async () => {
    const { clock, limiter, permits, admit } = world({ maxConcurrent: 100 });
    for (let index = 0; index < 10; index++) await admit(String(index), { inputTokens: 1000 });
    limiter.setLimits({ tokensPerDay: 1000 });
    for (const permit of permits) permit.settle({ ok: true, usage });
    const late = [admit("late", { inputTokens: 1000 }), admit("later", { inputTokens: 1000 })];
    await clock.advance(0);
    expect([limiter.queued, limiter.boundBy]).toEqual([1, "tokensPerDay"]);
    await clock.until(Promise.all(late));
    expect(clock.now()).toBeGreaterThanOrEqual(86_400_000);
  });

  it("ends what no longer fits, but cuts a guess again", async () => {
    const { clock, limiter, admit } = world({ maxConcurrent: 1, tokensPerMinute: 1000 });
    await admit("running");
    const known = code(admit("known", { inputTokens: 100, outputTokens: 500 }));
    const guessed = code(admit("guessed", { inputTokens: 100, outputTokens: 5000, outputIsGuess: true }));
    limiter.setLimits({ tokensPerMinute: 500 });
    expect(await known).toBe("too_large");
    limiter.setLimits({ maxConcurrent: 2 });
    expect(await clock.until(guessed)).toBe("granted");
  });

  it("keeps the books of what its own change lets start", async () => {
    const { clock, limiter, granted, permits, admit } = world({ tokensPerDay: 10_000 });
    const used = (): number | undefined => limiter.stats().find(({ name }) => name === "tokensPerDay")?.used;
    await admit("large", { outputTokens: 9900 });
    const refused = code(admit("refused", { inputTokens: 400 }));
    const guessed = admit("guessed", { inputTokens: 100, outputTokens: 60_000, outputIsGuess: true });
    await clock.advance(100);
    limiter.setLimits({ tokensPerDay: 100_000, inputTokensPerMinute: 300 });
    await clock.until(guessed);
    expect([granted, await refused]).toEqual([["large", "guessed"], "too_large"]);
    const taken = (used() ?? 0) - 9900;
    permits[1]?.settle({ ok: true, usage: { ...usage, inputTokens: 100, outputTokens: taken - 100 } });
    expect([taken > 100, used()]).toEqual([true, 9900 + taken]);
  });

  it("changes nothing when one of them is wrong", async () => {
    const { limiter } = world({ maxConcurrent: 1 });
    expect(() => limiter.setLimits({ maxConcurrent: 5, requestsPerMinute: 0 })).toThrow(RangeError);
    expect(limiter.stats()).toEqual([{ name: "maxConcurrent", value: 1, source: "configured", used: 0 }]);
  });
});

describe("QuotaLimiter, after a 429", () => {
  it("holds everybody as long as the provider says, with one timer", async () => {
    const { clock, limiter, granted, permits, admit } = world({ maxConcurrent: 2, requestsPerMinute: 6000 });
    const all = ["a", "b", "c", "d"].map((id) => admit(id));
    await clock.advance(100);
    permits[0]?.settle({ ok: false, error: throttled(7000) });
    expect([limiter.heldMs, limiter.boundBy]).toEqual([7000, "provider"]);
    permits[1]?.settle({ ok: true, usage });
    await clock.advance(6999);
    expect([granted.length, clock.armed]).toEqual([2, 1]);
    await clock.advance(1);
    expect(granted).toEqual(["a", "b", "c", "d"]);
    await Promise.all(all);
  });

  it("holds once for fifty 429s of one burst, and goes on with fewer", async () => {
    const { clock, limiter, permits, admit } = world({}, { learned: { maxConcurrent: 125 } });
    const burst = async (answer: (permit: Permit, index: number) => void): Promise<void> => {
      await Promise.all(Array.from({ length: 50 }, (_, index) => admit(String(index))));
      await clock.advance(1000);
      for (const [index, permit] of permits.splice(0).entries()) answer(permit, index);
    };
    await burst((permit) => permit.settle({ ok: true, usage }));
    expect(limiter.concurrency).toBe(100);
    await burst((permit) => permit.settle({ ok: false, error: throttled() }));
    expect(limiter.heldMs).toBe(1000);
    expect(limiter.concurrency).toBeLessThanOrEqual(Math.floor(50 * 0.9));
  });

  it("goes on when the one start of the ramp is met by a 429 that names a rate", async () => {
    const { clock, limiter, permits, admit } = world({});
    const waiting = Array.from({ length: 40 }, (_, index) => admit(String(index)));
    await clock.advance(500);
    const [refused, ...others] = permits.splice(0);
    for (const permit of others.slice(0, 10)) permit.settle({ ok: true, usage });
    refused?.settle({ ok: false, error: throttled() });
    for (const permit of others.slice(10)) permit.settle({ ok: true, usage });
    await clock.advance(0);
    for (const permit of permits.splice(0)) permit.settle({ ok: true, usage });
    await clock.advance(1500);
    expect(permits).toHaveLength(1);
    permits[0]?.settle({ ok: false, error: new CallError("throttled", "no", { status: 429, exceeded: "requests" }) });
    await clock.until(Promise.all(waiting));
    expect([limiter.queued, clock.armed]).toEqual([0, 0]);
  });

  it('waits longer each time when it is told "0 seconds" again and again', async () => {
    const { clock, limiter, admit } = world({});
    let sent = 0;
    const beRefused = async (id: string): Promise<void> => {
      for (;;) {
        const permit = await admit(id, {}, { again: true });
        sent += 1;
        await sleep(clock, 30, new AbortController().signal);
        permit.settle({ ok: false, error: throttled(0) });
      }
    };
    const calls = Array.from({ length: 200 }, (_, index) => code(beRefused(String(index))));
    await clock.advance(300_000);
    expect([limiter.boundBy, sent < 60]).toEqual(["provider", true]);
    await limiter.close();
    expect(new Set(await Promise.all(calls))).toEqual(new Set(["closed"]));
  });

  it("says that a quota is used up while it waits for it", async () => {
    const { clock, limiter, permits, admit } = world({}, { parkedMs: () => 600_000 });
    await admit("a");
    permits[0]?.settle({ ok: false, error: new CallError("quota_exhausted", "spent", { status: 429 }) });
    expect(limiter.boundBy).toBe("quota");
    const waiting = admit("b");
    await clock.advance(1000);
    expect([limiter.boundBy, limiter.heldMs]).toEqual(["quota", 599_000]);
    await clock.until(waiting);
    expect(clock.now()).toBe(600_000);
  });

  it("begins with one start, and goes on even when that one is cancelled", async () => {
    const { clock, limiter, granted, permits, admit, cancel } = world({});
    await admit("a");
    await clock.advance(10);
    permits[0]?.settle({ ok: false, error: throttled() });
    const waiting = ["b", "c", "d"].map((id) => code(admit(id)));
    await clock.advance(1000);
    expect(granted).toEqual(["a", "b"]);
    cancel("c");
    permits[1]?.[Symbol.dispose]();
    await clock.advance(0);
    expect(granted).toEqual(["a", "b", "d"]);
    expect(await Promise.all(waiting)).toEqual(["granted", "cancelled", "granted"]);
    expect([limiter.queued, clock.armed]).toEqual([0, 0]);
  });
});
