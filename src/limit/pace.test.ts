import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pace } from "./pace.ts";

/** A pace with its rate, as its owner keeps it. */
const perMinute = (limit: number) => {
  const perMs = limit / 60_000;
  const pace = new Pace();
  pace.shape(perMs, limit);
  pace.advance(0, perMs);
  const waitMs = (now: number, amount: number): number => {
    pace.advance(now, perMs);
    return pace.waitMs(amount, perMs);
  };
  return { pace, perMs, waitMs };
};

/** Takes each amount as early as it may. */
const startAll = ({ pace, waitMs }: ReturnType<typeof perMinute>, amounts: readonly number[], from = 0): number[] => {
  let now = from;
  return amounts.map((amount) => {
    for (let wait = waitMs(now, amount); wait > 0; wait = waitMs(now, amount)) now += Math.max(1e-6, wait);
    pace.take(amount);
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
        const paced = perMinute(limit);
        const times = startAll(paced, fitting);
        let sum = 0;
        for (const [index, amount] of fitting.entries()) {
          const ahead = Math.max(1, paced.perMs * 1000, amount);
          sum += amount;
          expect(sum).toBeLessThanOrEqual(ahead + paced.perMs * (times[index] ?? 0) + 1e-6);
        }
      }),
    );
  });

  it("spaces single starts evenly, as the generic cell rate algorithm does", () => {
    const times = startAll(perMinute(60), Array<number>(10).fill(1));
    expect(times.map((at) => Math.round(at))).toEqual([0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000]);
  });

  it("lets what is larger than a second's worth borrow, and makes the next wait for it", () => {
    const { pace, waitMs } = perMinute(600);
    expect(waitMs(0, 100)).toBe(0);
    pace.take(100);
    expect(waitMs(0, 1)).toBeCloseTo((1 + 100 - 10) / 0.01, 3);
  });

  it("fills no further than a second's worth in a month of sleep, and does not mind a clock that steps back", () => {
    const paced = perMinute(600);
    const times = startAll(paced, Array<number>(20).fill(1), 30 * 86_400_000);
    expect(times.filter((at) => at === times[0])).toHaveLength(10);
    const { level } = paced.pace;
    paced.waitMs(0, 1);
    expect(paced.pace.level).toBe(level);
  });

  it("takes back what a call did not use, but holds no more than a second's worth", () => {
    const { pace } = perMinute(6000);
    pace.take(90);
    pace.giveBack(50);
    expect(pace.level).toBe(60);
    pace.giveBack(1000);
    expect(pace.level).toBe(100);
  });

  it("keeps its debt when the rate changes, and gives no second burst", () => {
    const { pace } = perMinute(600);
    pace.take(100);
    pace.shape(0.02, 1200);
    expect(pace.waitMs(1, 0.02)).toBeCloseTo((1 + 90) / 0.02);
    pace.shape(0.005, 300);
    expect(pace.level).toBe(-90);
  });

  it("keeps a credit above the burst without adding to it, and loses it when it is shaped anew", () => {
    const { pace, waitMs } = perMinute(600);
    pace.raise(50);
    expect(waitMs(60_000, 50)).toBe(0);
    expect(pace.level).toBe(50);
    pace.giveBack(10);
    expect(pace.level).toBe(50);
    pace.raise(5);
    expect(pace.level).toBe(50);
    pace.shape(0.01, 600);
    expect(pace.level).toBe(10);
    pace.lower(-3);
    expect(pace.level).toBe(-3);
  });

  it("never asks for more at once than the limit, and always lets one request through", () => {
    const { pace } = perMinute(6000);
    pace.shape(0.1, 40);
    expect(pace.burst).toBe(40);
    pace.shape(0.0001, 6000);
    expect(pace.burst).toBe(1);
    pace.shape(0.1, 6000, 0.25);
    expect(pace.burst).toBe(25);
  });
});
