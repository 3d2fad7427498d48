import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import type { Permit } from "../call/limiter.ts";
import type { Clock } from "../time/clock.ts";
import { followerCount } from "../time/on-abort.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import type { Limits } from "./limits.ts";
import { QuotaLimiter } from "./quota-limiter.ts";

/** A limiter whose own timers are counted, apart from those of the world around it. */
const world = (limits: Limits) => {
  const clock = new VirtualClock();
  const timers = new Set<object>();
  const counted: Clock = {
    now: () => clock.now(),
    wallNow: () => clock.wallNow(),
    schedule: (at, callback) => {
      const key = {};
      timers.add(key);
      const timer = clock.schedule(at, () => {
        timers.delete(key);
        callback();
      });
      return {
        [Symbol.dispose]: () => {
          timers.delete(key);
          timer[Symbol.dispose]();
        },
      };
    },
  };
  return { clock, timers, limiter: new QuotaLimiter({ clock: counted, limits }) };
};

/** Microtasks only: a macrotask for each of many thousand events would take most of the time. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 6; turn++) await Promise.resolve();
};

const calls = 8;

/** Eight calls, one of which is cancelled after so many events; returns how many events there were. */
const run = async (limits: Limits, victim: number, cancelAfter: number): Promise<number> => {
  const { clock, timers, limiter } = world(limits);
  const controllers = Array.from({ length: calls }, () => new AbortController());
  const endings: string[] = [];
  const end = (permit: Permit, index: number): void => {
    if (controllers[index]?.signal.aborted === true) permit[Symbol.dispose]();
    else if (index % 3 === 1) permit.settle({ ok: false, error: new CallError("throttled", "no", { status: 429 }) });
    else permit.settle({ ok: true });
    permit[Symbol.dispose]();
    endings.push("ended");
  };
  const one = async (index: number): Promise<void> => {
    const { signal } = controllers[index] ?? new AbortController();
    try {
      const permit = await limiter.admit({
        id: String(index),
        demand: { inputTokens: 300, outputTokens: 0 },
        sequence: index,
        signal,
      });
      clock.schedule(clock.now() + 900 + index, () => end(permit, index));
    } catch (error) {
      endings.push(error instanceof CallError ? error.code : String(error));
    }
  };
  const running = controllers.map((_, index) => one(index));
  let events = 0;
  do {
    await settled();
    if (events === cancelAfter) controllers[victim]?.abort(new Error("enough"));
    await settled();
    expect(timers.size).toBeLessThanOrEqual(limiter.queued === 0 ? 0 : 1);
    events += 1;
  } while (clock.step(Infinity) && events < 1000);
  await Promise.all(running);
  expect(endings).toHaveLength(calls);
  expect([limiter.queued, limiter.inFlight, timers.size, clock.armed]).toEqual([0, 0, 0, 0]);
  expect(limiter.stats()[0]).toMatchObject({ name: "maxConcurrent", used: 0 });
  for (const { signal } of controllers) expect(followerCount(signal) ?? 0).toBe(0);
  return events;
};

describe("QuotaLimiter, when a call is cancelled at any event", () => {
  it.each<[string, Limits]>([
    ["nothing configured", {}],
    ["few at once", { maxConcurrent: 2 }],
    ["a rate", { maxConcurrent: 3, tokensPerMinute: 1000, requestsPerMinute: 100 }],
  ])(
    "leaks no slot, timer or listener, with at most one timer and none when nothing waits: %s",
    async (_what, limits) => {
      const events = await run(limits, 0, Infinity);
      for (let after = 0; after < events; after++) {
        for (let victim = 0; victim < calls; victim++) await run(limits, victim, after);
      }
    },
  );

  it("tells the earliest start as it then happens", async () => {
    const { clock, limiter } = world({ maxConcurrent: 100, requestsPerMinute: 60 });
    const demand = { inputTokens: 0, outputTokens: 0 };
    expect(limiter.earliestStart(demand)).toBe(0);
    await limiter.admit({ id: "a", demand, sequence: 0 });
    const at = limiter.earliestStart(demand);
    await clock.until(limiter.admit({ id: "b", demand, sequence: 1 }));
    expect(clock.now()).toBeCloseTo(at);
  });
});
