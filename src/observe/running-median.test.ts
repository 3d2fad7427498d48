import { describe, expect, it } from "vitest";
import { seededRng } from "../time/rng.ts";
import { RunningMedian } from "./running-median.ts";

describe("RunningMedian", () => {
  it("is nothing before the first value, and then that value", () => {
    const median = new RunningMedian();
    expect(median.value).toBe(0);
    median.add(700);
    expect(median.value).toBe(700);
  });

  it("comes near the median, whatever the outliers, and follows it", () => {
    const [median, rng] = [new RunningMedian(), seededRng(3)];
    const draw = (middle: number): number => (rng() < 0.1 ? 100 * middle : middle * (0.5 + rng()));
    for (const middle of [1000, 4000, 500]) {
      for (let index = 0; index < 500; index++) median.add(draw(middle));
      expect(median.value / middle).toBeGreaterThan(0.7);
      expect(median.value / middle).toBeLessThan(1.5);
    }
  });
});
