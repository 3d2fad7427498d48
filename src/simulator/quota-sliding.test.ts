import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quotaSliding } from "./quota-sliding.ts";

const step = fc.record({ gapMs: fc.integer({ min: 0, max: 9000 }), amount: fc.integer({ min: 1, max: 30 }) });

describe("quotaSliding", () => {
  it("gives each part back a period after it was taken", () => {
    const quota = quotaSliding({ limit: 10 });
    quota.charge(0, 4);
    quota.charge(20_000, 6);
    expect([quota.waitMs(30_000, 1), quota.waitMs(30_000, 5)]).toEqual([30_000, 50_000]);
    expect(quota.resetMs(30_000)).toBe(50_000);
    expect([quota.level(59_999), quota.level(60_000), quota.level(80_000)]).toEqual([0, 4, 10]);
  });

  it("says that more than its limit never fits", () => {
    expect(quotaSliding({ limit: 10 }).waitMs(0, 11)).toBe(Infinity);
  });

  it("never grants more than its limit in any rolling period, and admits who waited as told", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, waits) => {
        const quota = quotaSliding({ limit: 40 });
        const granted: { at: number; amount: number }[] = [];
        let now = 0;
        for (const { gapMs, amount } of steps) {
          now += gapMs + 1 / 3;
          if (waits) now += quota.waitMs(now, amount);
          if (quota.waitMs(now, amount) > 0) {
            expect(waits).toBe(false);
            continue;
          }
          quota.charge(now, amount);
          granted.push({ at: now, amount });
        }
        for (const { at } of granted) {
          const within = granted.filter((other) => other.at <= at && other.at > at - 60_000 + 1e-3);
          expect(within.reduce((sum, { amount }) => sum + amount, 0)).toBeLessThanOrEqual(40);
        }
      }),
    );
  });
});
