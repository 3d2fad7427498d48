import { describe, expect, it } from "vitest";
import type { Demand } from "../call/call.ts";
import type { Permit } from "../call/limiter.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { QuotaLimiter } from "./quota-limiter.ts";

const minute = 60_000;
const limit = 6000;

/** A provider with a window of a minute: it tells its level with each answer, after 800 ms. */
const world = () => {
  const clock = new VirtualClock();
  const limiter = new QuotaLimiter({ clock });
  let window = 0;
  let used = 0;
  const charge = (tokens: number): number => {
    const current = Math.floor(clock.now() / minute);
    used = (current === window ? used : 0) + tokens;
    window = current;
    return used;
  };
  let sequence = 0;
  const overdrawn: number[] = [];
  const run = async (demand: Demand, inputTokens: number, outputTokens: number): Promise<void> => {
    const permit: Permit = await limiter.admit({ id: "c", demand, priority: 0, sequence: sequence++ });
    if (charge(inputTokens + outputTokens) > limit) overdrawn.push(clock.now());
    await new Promise<void>((resolve) => void clock.schedule(clock.now() + 800, resolve));
    const remaining = Math.max(0, limit - charge(0));
    permit.observe([{ unit: "total", limit, remaining, resetMs: (window + 1) * minute - clock.now() }]);
    permit.settle({ ok: true, usage: { inputTokens, outputTokens, cachedTokens: 0, reasoningTokens: 0 } });
  };
  return { clock, limiter, run, overdrawn };
};

describe("QuotaLimiter, before a window that only headers tell of", () => {
  it("gives a demand of a whole window its turn among small ones", async () => {
    const { clock, limiter, run, overdrawn } = world();
    const big: Promise<void>[] = [];
    const small: Promise<void>[] = [];
    for (let index = 0; index < 400; index++) {
      if (index % 40 === 20) big.push(run({ inputTokens: 200, outputTokens: 8192, outputIsGuess: true }, 200, 300));
      else small.push(run({ inputTokens: 50, outputTokens: 50 }, 50, 50));
    }
    await clock.until(Promise.all([...big, ...small]));
    expect([big.length, limiter.queued, limiter.inFlight]).toEqual([10, 0, 0]);
    // 44,000 tokens fill eight windows; each large one may cost the rest of one and another of its own.
    expect(clock.now() / minute).toBeLessThan(8 + 2 * 10);
    expect(overdrawn.length).toBeLessThanOrEqual(40);
  });

  it.each([1, 30])("gives those that really need a whole window one each, %i of them", async (count) => {
    const { clock, run } = world();
    const small = Array.from({ length: 60 }, () => run({ inputTokens: 50, outputTokens: 50 }, 50, 50));
    await clock.advance(2000);
    const whole = Array.from({ length: count }, () => run({ inputTokens: 5900, outputTokens: 100 }, 5900, 100));
    const more = Array.from({ length: 240 }, () => run({ inputTokens: 50, outputTokens: 50 }, 50, 50));
    await clock.until(Promise.all([...small, ...whole, ...more]));
    expect(clock.now() / minute).toBeLessThan(2 * (count + 5));
  });
});
