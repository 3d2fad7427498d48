import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pace } from "./pace.ts";

const perMinute = (limit: number, since?: number): Pace =>
  new Pace({
    name: "requestsPerMinute",
    unit: "request",
    limit,
    periodMs: 60_000,
    ...(since === undefined ? {} : { since }),
  });

const startAll = (pace: Pace, amounts: readonly number[], from = 0): number[] => {
  let now = from;
  return amounts.map((amount) => {
    for (let waitMs = pace.waitMs(now, amount); waitMs > 0; waitMs = pace.waitMs(now, amount))
      now += Math.max(1e-6, waitMs);
    pace.take(now, amount);
    return now;
  });
};

describe("Pace", () => {
  it("never runs more than a second, or one request, ahead of the rate", () => {
    const limits = fc.integer({ min: 1, max: 100_000 });
    const amounts = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(limits, amounts, (limit, wanted) => {
        const fitting = wanted.map((amount) => Math.min(amount, limit));
        const times = startAll(perMinute(limit), fitting);
        const perMs = limit / 60_000;
        let sum = 0;
        for (const [index, amount] of fitting.entries()) {
          const ahead = Math.max(1, perMs * 1000, amount);
          sum += amount;
          expect(sum).toBeLessThanOrEqual(ahead + perMs * (times[index] ?? 0) + 1e-6);
        }
      }),
    );
  });

  it("spaces single starts evenly", () => {
    const times = startAll(perMinute(60), Array<number>(10).fill(1));
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    for (const gap of gaps) expect(gap).toBeCloseTo(1000 / 0.995, 3);
  });

  it("lets what is larger than a second's worth borrow, and makes the next wait for it", () => {
    const pace = perMinute(600);
    expect(pace.waitMs(0, 100)).toBe(0);
    pace.take(0, 100);
    expect(pace.waitMs(0, 1)).toBeCloseTo((1 + 100 - 9.95) / (0.995 * 0.01), 3);
  });

  it("fills no further than a second's worth in a month of sleep", () => {
    const pace = perMinute(600);
    const times = startAll(pace, Array<number>(20).fill(1), 30 * 86_400_000);
    expect(times.filter((at) => at === times[0])).toHaveLength(9);
  });

  it("takes back what a call did not use, but holds no more than a second's worth", () => {
    const pace = perMinute(6000);
    pace.take(0, 90);
    pace.settle(0, 0, 90, 40);
    expect(pace.used(0)).toBeCloseTo(40);
    pace.settle(0, 0, 1000, 0);
    expect(pace.used(0)).toBe(0);
  });

  it("keeps its debt when the limit changes, and gives no second burst", () => {
    const before = perMinute(600);
    before.take(0, 100);
    const after = perMinute(1200, 0);
    after.adopt(before);
    expect(after.waitMs(0, 1)).toBeGreaterThan(4000);
    after.settle(0, 0, 100, 0);
    expect(after.waitMs(0, 9)).toBe(0);
  });

  it("gives nothing back for what was started before it", () => {
    const pace = perMinute(600, 1000);
    pace.take(2000, 9);
    pace.settle(2000, 500, 9, 0);
    expect(pace.used(2000)).toBeCloseTo(9);
  });
});
