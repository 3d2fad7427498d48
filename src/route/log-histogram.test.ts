import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LogHistogram } from "./log-histogram.ts";

describe("LogHistogram", () => {
  it("tells any quantile of what it holds to five percent", () => {
    const values = fc.array(fc.double({ min: 0.002, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (numbers, share) => {
        const histogram = new LogHistogram();
        for (const number of numbers) histogram.add(number);
        const exact = numbers.toSorted((a, b) => a - b)[Math.ceil(share * numbers.length - 1e-9) - 1] ?? NaN;
        const told = histogram.quantile(share) ?? NaN;
        expect(told).toBeGreaterThanOrEqual(exact * 0.999);
        expect(told).toBeLessThanOrEqual(exact * 1.06);
      }),
    );
  });

  it("knows nothing while it is empty, and takes in what is out of its range", () => {
    const histogram = new LogHistogram();
    expect(histogram.quantile(0.5)).toBeUndefined();
    histogram.add(0);
    histogram.add(1e12);
    expect(histogram.total).toBe(2);
  });

  it("follows values that change, and holds no more than its memory", () => {
    const histogram = new LogHistogram(100);
    for (let count = 0; count < 1000; count++) histogram.add(1);
    for (let count = 0; count < 1000; count++) histogram.add(50);
    expect(histogram.quantile(0.05)).toBeGreaterThan(49);
    expect(histogram.total).toBeLessThan(100);
  });
});
