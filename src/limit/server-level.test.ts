import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { QuotaLevel } from "../call/limiter.ts";
import { ServerLevel } from "./server-level.ts";
import { StartLedger } from "./start-ledger.ts";

const perMs = 1;
const limit = 60_000;

/** A level with its ledger, and the provider's kind as far as twelve readings of others' calls have shown it. */
const world = (kind?: "bucket" | "window") => {
  const level = new ServerLevel();
  const ledger = new StartLedger();
  const read = (now: number, sentAt: number, remaining: number, more: Partial<QuotaLevel> = {}, own = 0): void => {
    const resetMs = kind === "window" ? limit + 77 - sentAt : limit - remaining;
    level.read(now, { sentAt, own, perMs, ledger, level: { unit: "total", limit, remaining, resetMs, ...more } });
  };
  const take = (now: number, amount: number): void => {
    level.advance(now, perMs);
    ledger.add(now, amount);
    level.take(amount);
  };
  if (kind !== undefined)
    for (let second = 0; second < 12; second++) read(second * 1000, second * 1000, limit - 123 - 1500 * second);
  return { level, read, take };
};

describe("ServerLevel", () => {
  it("says nothing before a reading, nor while it cannot tell a bucket from a window", () => {
    const { level, read } = world();
    expect([level.steers(0, perMs), level.likely]).toEqual([false, Infinity]);
    read(100, 0, 50_000);
    expect([level.kind, level.steers(100, perMs), level.depth]).toEqual(["unknown", false, undefined]);
    expect(level.waitMs(100, limit)).toBe(0);
  });

  it("carries a bucket's reading forward by what came back and what was sent since its request", () => {
    const { level, read, take } = world("bucket");
    take(20_000, 700);
    take(20_400, 500);
    take(20_800, 300);
    read(21_000, 20_400, 30_000);
    expect(level.likely).toBe(30_000 + 600 - 300);
    expect(level.depth).toBe(limit);
    level.advance(22_000, perMs);
    expect(level.likely).toBe(30_300 + 1000);
    take(22_000, 5000);
    expect(level.likely).toBe(26_300);
  });

  it("carries a window's reading forward by what was sent alone, until its end brings all of it back", () => {
    const { level, read, take } = world("window");
    take(20_800, 300);
    read(21_000, 20_400, 30_000);
    level.advance(50_000, perMs);
    expect([level.kind, level.likely, level.depth]).toEqual(["window", 29_700, undefined]);
    expect(level.waitMs(50_000, 29_000)).toBe(0);
    expect(level.waitMs(50_000, 31_000)).toBeCloseTo(10_277);
    level.advance(60_276, perMs);
    expect(level.likely).toBe(29_700);
    level.advance(60_278, perMs);
    expect(level.likely).toBe(limit);
    expect(level.windowEnd).toBe(2 * limit + 77);
  });

  it("takes the middle of a level that the provider rounds", () => {
    const { level, read } = world("bucket");
    read(20_000, 20_000, 30_000, { quantum: 1001 });
    expect(level.likely).toBe(29_500);
  });

  it("pays bursts only out of what is certain: what was sent in the second before may not be counted yet", () => {
    const { level, read, take } = world("bucket");
    read(20_000, 20_000, 30_000);
    const before = level.credit(perMs);
    take(20_500, 4000);
    read(21_000, 21_000, 30_000);
    expect(level.likely).toBe(30_000);
    expect(before - level.credit(perMs)).toBeGreaterThan(3900);
  });

  it("ignores a reading that was overtaken", () => {
    const { level, read } = world("bucket");
    read(21_000, 20_500, 30_000);
    read(21_100, 20_400, 50_000);
    expect(level.likely).toBe(30_500);
  });

  it("never holds more than the bucket", () => {
    const { level } = world("bucket");
    level.advance(10_000_000, perMs);
    expect(level.likely).toBe(limit);
  });

  it("has nothing left after a refusal, whatever its headers said", () => {
    const { level, read } = world("bucket");
    read(20_000, 20_000, 30_000);
    level.emptied();
    expect(level.likely).toBe(0);
    expect(level.credit(perMs)).toBeLessThan(0);
  });

  it("steers for three minutes after its last reading, and not by a bucket that holds less than a few seconds", () => {
    const { level } = world("bucket");
    expect([level.steers(11_000, perMs), level.steers(11_000 + 180_000, perMs)]).toEqual([true, true]);
    expect(level.steers(11_000 + 180_001, perMs)).toBe(false);
    expect(level.steers(11_000, perMs * 100)).toBe(false);
  });

  it("slows down as the level falls, and never quite stops", () => {
    const { level, read } = world("bucket");
    const paces = [30_000, 1500, 1000, 500, 0, -5000].map((remaining, index) => {
      read(20_000 + index, 20_000 + index, Math.max(0, remaining));
      if (remaining < 0) level.take(-remaining);
      return level.pacePerMs(20_000 + index, perMs);
    });
    expect(paces).toEqual(paces.toSorted((a, b) => b - a));
    expect(paces[0]).toBeGreaterThanOrEqual(perMs);
    expect(paces.at(-1)).toBeGreaterThan(0);
    expect(paces.at(-1)).toBeLessThan(0.05);
  });

  it("spreads what a window has left over the rest of it", () => {
    const { level, read } = world("window");
    read(20_000, 20_000, 10_000);
    expect(level.pacePerMs(20_000, perMs)).toBeCloseTo(0.25, 1);
    read(20_001, 20_001, 60_000);
    expect(level.pacePerMs(20_001, perMs)).toBeGreaterThan(1.4);
  });

  it("stays finite and lets time run, whatever the readings say", () => {
    const number = fc.integer({ min: 0, max: 200_000 });
    const reading = fc.tuple(number, number, fc.option(number, { nil: undefined }), fc.integer({ min: 0, max: 3000 }));
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 60 }), (readings) => {
        const { level, take } = world();
        const ledger = new StartLedger();
        let now = 0;
        for (const [gapMs, remaining, resetMs, ageMs] of readings) {
          now += gapMs;
          const wire = { unit: "total", limit, remaining, ...(resetMs === undefined ? {} : { resetMs }) } as const;
          level.read(now, { sentAt: now - ageMs, own: 10, perMs, ledger, level: wire });
          take(now, 100);
          const pace = level.pacePerMs(now, perMs);
          if (level.steers(now, perMs)) expect(pace > 0 && pace <= 3 * perMs).toBe(true);
          expect(level.waitMs(now, limit) >= 0 && level.waitMs(now, limit) <= 400_000).toBe(true);
        }
      }),
    );
  });
});
