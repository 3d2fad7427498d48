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
