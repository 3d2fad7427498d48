import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RollingWindow } from "./rolling-window.ts";

const minute = 60_000;

const window = (limit: number): RollingWindow => {
  const made = new RollingWindow(minute);
  made.limit = limit;
  return made;
};

interface Start {
  readonly askedAt: number;
  readonly at: number;
  readonly amount: number;
}

/** Asks for each amount some time after the last was taken, and takes it as early as it may. */
const starts = (limit: number, steps: readonly (readonly [gapMs: number, amount: number])[]): Start[] => {
  const counted = window(limit);
  let now = 0;
  return steps.map(([gapMs, amount]) => {
    const askedAt = (now += gapMs);
    for (let waitMs = counted.waitMs(now, amount); waitMs > 0; waitMs = counted.waitMs(now, amount))
      now += Math.max(1e-6, waitMs);
    counted.take(now, amount);
    return { askedAt, at: now, amount };
  });
};

const sum = (taken: readonly Start[]): number => taken.reduce((all, { amount }) => all + amount, 0);

describe("RollingWindow", () => {
  const gaps = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 3 * minute, noNaN: true }));
  const steps = fc.array(fc.tuple(gaps, fc.integer({ min: 0, max: 10 })), { maxLength: 60 });

  it("lets no more than the limit through in any period, however the period is laid", () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 10, max: 40 }), (trace, limit) => {
        const taken = starts(limit, trace);
        for (const { at: from } of taken) {
          expect(sum(taken.filter(({ at }) => at >= from && at < from + minute))).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });

  it("makes nothing wait longer than the margin and one part beyond the time at which it fits", () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 10, max: 40 }), (trace, limit) => {
        const taken = starts(limit, trace);
        for (const [index, { askedAt, at, amount }] of taken.entries()) {
          const earlier = at - 150 - (minute + 150) / 600 - 1e-6;
          if (earlier < askedAt) continue;
          expect(sum(taken.slice(0, index).filter((start) => start.at > earlier - minute)) + amount).toBeGreaterThan(
            limit,
          );
        }
      }),
    );
  });

  it("never makes an amount wait for ever that is no larger than the limit, whatever rounding does", () => {
    const fractions = fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.double({ min: 0, max: 1, noNaN: true })));
    fc.assert(
      fc.property(fractions, (trace) => {
        const taken = starts(1, [...trace, [0, 1]]);
        expect(taken.every(({ at }) => Number.isFinite(at))).toBe(true);
      }),
    );
  });

  it("puts the real use in the place of what was taken, at the time when it was taken", () => {
    const counted = window(100);
    counted.take(0, 80);
    counted.take(30_000, 20);
    counted.settle(40_000, 0, 80, 10);
    expect(counted.used(40_000)).toBe(30);
    expect(counted.waitMs(40_000, 70)).toBe(0);
    counted.settle(50_000, 30_000, 20, 120);
    expect(counted.used(50_000)).toBe(130);
    expect(counted.used(60_300)).toBe(120);
    expect(counted.used(90_300)).toBe(0);
  });

  it("drops a settlement that comes when its period is over", () => {
    const counted = window(100);
    counted.take(0, 80);
    counted.settle(70_000, 0, 80, 10);
    expect(counted.used(70_000)).toBe(0);
  });

  it("is empty after a month of sleep, and does not mind a clock that steps back", () => {
    const month = 30 * 24 * 60 * minute;
    const counted = window(10);
    counted.take(0, 10);
    expect(counted.used(month)).toBe(0);
    counted.take(month, 10);
    expect(counted.waitMs(month - 5000, 1)).toBeGreaterThan(minute);
    expect(counted.used(month)).toBe(10);
  });

  it("counts without a limit, and holds one that comes later against what it has counted", () => {
    const counted = new RollingWindow(minute);
    counted.take(1000, 60);
    expect(counted.waitMs(1000, 1e9)).toBe(0);
    counted.limit = 80;
    expect(counted.waitMs(2000, 20)).toBe(0);
    expect(counted.waitMs(2000, 21)).toBeGreaterThan(0);
    counted.settle(3000, 1000, 60, 10);
    expect(counted.used(3000)).toBe(10);
  });
});
