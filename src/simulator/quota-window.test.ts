import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quotaWindow } from "./quota-window.ts";

describe("quotaWindow", () => {
  it("gives everything back at the turn of the window, and nothing before", () => {
    const quota = quotaWindow({ limit: 3, startAt: 100 });
    quota.charge(100, 3);
    expect(quota.waitMs(40_100, 1)).toBe(20_000);
    expect(quota.resetMs(40_100)).toBe(20_000);
    expect(quota.waitMs(60_100, 3)).toBe(0);
    expect(quota.level(60_100)).toBe(3);
  });

  it("lets twice its limit pass around a turn", () => {
    const quota = quotaWindow({ limit: 10, startAt: 0 });
    quota.charge(59_999, 10);
    expect(quota.waitMs(60_000, 10)).toBe(0);
  });

  it("says that more than its limit never fits", () => {
    expect(quotaWindow({ limit: 10, startAt: 0 }).waitMs(0, 11)).toBe(Infinity);
  });

  it("allows a short window its part of the minute", () => {
    const quota = quotaWindow({ limit: 600, startAt: 0, periodMs: 10_000 });
    expect(quota.level(0)).toBe(100);
    quota.charge(0, 100);
    expect([quota.waitMs(4000, 1), quota.level(10_000)]).toEqual([6000, 100]);
  });

  it("turns first at its phase", () => {
    const quota = quotaWindow({ limit: 10, startAt: 500, phaseMs: 7000 });
    quota.charge(500, 10);
    expect([quota.waitMs(500, 1), quota.level(7500)]).toEqual([7000, 10]);
    quota.charge(7500, 10);
    expect(quota.waitMs(7500, 1)).toBe(60_000);
  });

  it("lets more than a short window pass when it is untouched, and the next windows pay for it", () => {
    const quota = quotaWindow({ limit: 60, startAt: 0, periodMs: 1000 });
    expect(quota.waitMs(0, 3)).toBe(0);
    quota.charge(0, 3);
    expect([quota.level(1000), quota.resetMs(1000)]).toEqual([-1, 2000]);
    expect([quota.level(2000), quota.level(3000)]).toEqual([0, 1]);
  });

  it("admits a caller who waited exactly as long as it was told", () => {
    const step = fc.record({
      gapMs: fc.double({ min: 0, max: 3000, noNaN: true }),
      amount: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 50, max: 9999 }),
        fc.constantFrom(1000, 10_000, 60_000),
        fc.array(step),
        (limit, periodMs, steps) => {
          const quota = quotaWindow({ limit, startAt: 0.1, periodMs, phaseMs: 333 });
          let now = 0.1;
          for (const { gapMs, amount } of steps) {
            now += gapMs;
            now += quota.waitMs(now, amount);
            expect(quota.waitMs(now, amount)).toBe(0);
            quota.charge(now, amount);
          }
        },
      ),
    );
  });

  it("admits no more than its limit in any of its windows", () => {
    const arrivals = fc.array(
      fc.record({ gapMs: fc.integer({ min: 0, max: 20_000 }), amount: fc.integer({ min: 1, max: 9 }) }),
    );
    fc.assert(
      fc.property(arrivals, (calls) => {
        const quota = quotaWindow({ limit: 10, startAt: 0 });
        const sums = new Map<number, number>();
        let now = 0;
        for (const { gapMs, amount } of calls) {
          now += gapMs;
          if (quota.waitMs(now, amount) > 0) continue;
          quota.charge(now, amount);
          const window = Math.floor(now / 60_000);
          sums.set(window, (sums.get(window) ?? 0) + amount);
        }
        for (const sum of sums.values()) expect(sum).toBeLessThanOrEqual(10);
      }),
    );
  });
});
