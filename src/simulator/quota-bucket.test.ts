import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quotaBucket } from "./quota-bucket.ts";

describe("quotaBucket", () => {
  it("is full at the start and then gives exactly its rate", () => {
    const bucket = quotaBucket({ limit: 60, burstMs: 2_000, startAt: 0 });
    expect(bucket.waitMs(0, 2)).toBe(0);
    bucket.charge(0, 2);
    expect(bucket.waitMs(0, 1)).toBe(1000);
    expect(bucket.waitMs(400, 1)).toBe(600);
    expect(bucket.resetMs(400)).toBe(1600);
    expect(bucket.waitMs(1000, 1)).toBe(0);
  });

  it("never holds more than its depth, however long it rests", () => {
    const bucket = quotaBucket({ limit: 60, burstMs: 5_000, startAt: 0 });
    expect(bucket.level(86_400_000)).toBe(5);
  });

  it("says that more than a minute's worth never fits", () => {
    expect(quotaBucket({ limit: 100, startAt: 0 }).waitMs(0, 101)).toBe(Infinity);
  });

  it("lets an amount above its depth pass when it is full, and pays the debt off at its rate", () => {
    const bucket = quotaBucket({ limit: 60, burstMs: 1_000, startAt: 0 });
    expect(bucket.waitMs(0, 30)).toBe(0);
    bucket.charge(0, 30);
    expect(bucket.waitMs(0, 1)).toBe(30_000);
  });

  it("admits a caller who waited exactly as long as it was told", () => {
    const step = fc.record({
      restMs: fc.double({ min: 0, max: 5000, noNaN: true }),
      amount: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 50, max: 9999 }), fc.array(step, { maxLength: 50 }), (limit, steps) => {
        const bucket = quotaBucket({ limit, startAt: 0 });
        let now = 0;
        for (const { restMs, amount } of steps) {
          now += restMs;
          now += bucket.waitMs(now, amount);
          expect(bucket.waitMs(now, amount)).toBe(0);
          bucket.charge(now, amount);
        }
      }),
    );
  });

  it("admits no more than its depth, its rate and one large request in any interval", () => {
    const arrivals = fc.array(
      fc.record({ gapMs: fc.integer({ min: 0, max: 3000 }), amount: fc.integer({ min: 1, max: 60 }) }),
      {
        maxLength: 80,
      },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 60, max: 600 }),
        fc.integer({ min: 1, max: 60_000 }),
        arrivals,
        (limit, burstMs, calls) => {
          const bucket = quotaBucket({ limit, burstMs, startAt: 0 });
          const depth = Math.max(1, (limit * burstMs) / 60_000);
          const admitted: { now: number; amount: number }[] = [];
          let now = 0;
          for (const { gapMs, amount } of calls) {
            now += gapMs;
            if (bucket.waitMs(now, amount) > 0) continue;
            bucket.charge(now, amount);
            admitted.push({ now, amount });
          }
          admitted.forEach((first, start) => {
            let sum = 0;
            for (const { now: at, amount } of admitted.slice(start)) {
              sum += amount;
              expect(sum).toBeLessThanOrEqual(depth + ((at - first.now) * limit) / 60_000 + 60 + 1e-3);
            }
          });
        },
      ),
    );
  });
});
