import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRng } from "../time/rng.ts";
import { OutputLengths } from "./output-lengths.ts";

const logNormal = (seed: number, median: number, sigma: number, count: number): readonly number[] => {
  const rng = seededRng(seed);
  return Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
    return Math.max(1, Math.round(median * Math.exp(sigma * normal)));
  });
};

const quantileOf = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? 0;

const lengthsOf = (values: readonly number[]): OutputLengths => {
  const lengths = new OutputLengths();
  for (const value of values) lengths.learn(value, false);
  return lengths;
};

const law = fc.record({
  seed: fc.integer(),
  median: fc.integer({ min: 20, max: 5000 }),
  sigma: fc.double({ min: 0, max: 1.3, noNaN: true }),
});

describe("OutputLengths", () => {
  it("tells every quantile of log-normal lengths to within a tenth", () => {
    fc.assert(
      fc.property(law, fc.integer({ min: 50, max: 1000 }), ({ seed, median, sigma }, count) => {
        const values = logNormal(seed, median, sigma, count);
        const lengths = lengthsOf(values);
        for (const share of [0.5, 0.9]) {
          // Old answers weigh a little less, so the rank may be off by a little, and the length by its buckets.
          expect(lengths.quantile(share)).toBeLessThanOrEqual(1.1 * quantileOf(values, share + 0.05));
          expect(lengths.quantile(share)).toBeGreaterThanOrEqual(0.9 * quantileOf(values, share - 0.05));
        }
        expect(lengths.quantile(1)).toBeLessThanOrEqual(1.03 * quantileOf(values, 1));
        expect(lengths.quantile(1)).toBeGreaterThanOrEqual(0.97 * quantileOf(values, 1));
      }),
      { numRuns: 50 },
    );
  });

  it("finds the length that one answer in two hundred exceeds, in the long run to within a tenth", () => {
    const errors = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
      const values = logNormal(seed, 300, 0.5, 20_000);
      return lengthsOf(values).quantile(0.995) / (300 * Math.exp(0.5 * 2.5758)) - 1;
    });
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(errors.filter((error) => Math.abs(error) < 0.1).length).toBeGreaterThanOrEqual(7);
  });

  it("expects 256 tokens at first, then what answers are like", () => {
    const lengths = new OutputLengths();
    expect(lengths.mean).toBe(256);
    expect(lengths.quantile(0.5)).toBe(0);
    for (let answer = 0; answer < 200; answer++) lengths.learn(1000, false);
    expect(lengths.mean).toBeGreaterThan(980);
    expect(lengths.mean).toBeLessThanOrEqual(1000);
  });

  it("forgets what answers were like once", () => {
    const lengths = lengthsOf(logNormal(1, 4000, 0.3, 1000));
    for (const value of logNormal(2, 100, 0.3, 15_000)) lengths.learn(value, false);
    expect(lengths.quantile(0.995)).toBeLessThan(300);
  });

  it("stays exact over more answers than its weights can hold", () => {
    const lengths = new OutputLengths();
    for (let answer = 0; answer < 60_000; answer++) lengths.learn(answer % 2 === 0 ? 100 : 200, false);
    expect(lengths.quantile(0.4)).toBeGreaterThan(97);
    expect(lengths.quantile(0.4)).toBeLessThan(103);
    expect(lengths.quantile(0.6)).toBeGreaterThan(195);
  });

  it("does not take a cut answer for a short one, but learns from one that is longer than most", () => {
    const lengths = lengthsOf(Array.from({ length: 100 }, () => 500));
    for (let answer = 0; answer < 1000; answer++) lengths.learn(10, true);
    expect(lengths.quantile(0.5)).toBeGreaterThan(480);
    lengths.learn(2000, true);
    expect(lengths.quantile(0.999)).toBeGreaterThan(1900);
  });

  it("takes lengths of nothing and of more than a million", () => {
    const lengths = lengthsOf([0, 1, 5e9]);
    expect(lengths.quantile(0)).toBeLessThanOrEqual(1);
    expect(lengths.quantile(1)).toBeGreaterThan(1e6);
  });
});
