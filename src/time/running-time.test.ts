import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RunningTime } from "./running-time.ts";

const watched = (): RunningTime => {
  const time = new RunningTime();
  time.watch(true, 0);
  return time;
};

describe("RunningTime", () => {
  it("leaves out what is longer than ten seconds between two readings, and counts the rest", () => {
    const time = watched();
    expect([1000, 10_000, 100_000, 100_500].map((at) => time.at(at))).toEqual([1000, 10_000, 10_000, 10_500]);
    expect(time.gaps).toBe(1);
  });

  it("counts everything while nobody reads every second", () => {
    const time = watched();
    time.watch(false, 500);
    expect(time.at(1_000_000)).toBe(1_000_000);
    time.watch(true, 2_000_000);
    expect([time.at(2_001_000), time.at(2_500_000), time.gaps]).toEqual([2_001_000, 2_001_000, 1]);
  });

  it("stands still when the machine's clock goes back", () => {
    const time = watched();
    expect([5000, 2000, 3000].map((at) => time.at(at))).toEqual([5000, 5000, 6000]);
  });

  it("never goes back, and never faster than the machine's clock does", () => {
    const readings = fc.array(fc.record({ step: fc.integer({ min: -50_000, max: 50_000 }), watch: fc.boolean() }));
    fc.assert(
      fc.property(readings, (steps) => {
        const time = new RunningTime();
        let machine = 0;
        let last = time.at(0);
        for (const { step, watch } of steps) {
          machine += step;
          time.watch(watch, machine);
          const now = time.at(machine);
          expect(now).toBeGreaterThanOrEqual(last);
          expect(now - last).toBeLessThanOrEqual(Math.max(0, step));
          last = now;
        }
      }),
    );
  });
});
