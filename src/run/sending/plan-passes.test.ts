import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planPasses } from "./plan-passes.ts";

const anyCounts = fc.array(fc.oneof(fc.constant(0), fc.nat(20), fc.nat(1000)), { maxLength: 40 });

const rowsIn = (counts: readonly number[], { least, most }: { least: number; most: number }): number =>
  counts.slice(least, most + 1).reduce((sum, rows) => sum + rows, 0);

const countsOf = (rows: Readonly<Record<number, number>>): readonly number[] =>
  Array.from({ length: 40 }, (_, place) => rows[place] ?? 0);

describe("the passes over an input", () => {
  it("take every class that has rows exactly once, the highest first", () => {
    fc.assert(
      fc.property(anyCounts, (counts) => {
        const passes = planPasses(counts);
        for (const [place, rows] of counts.entries()) {
          const taking = passes.filter(({ least, most }) => least <= place && place <= most);
          expect(taking.length).toBe(rows > 0 ? 1 : Math.min(taking.length, 1));
        }
        expect(passes.map(({ most }) => most)).toEqual(passes.map(({ most }) => most).toSorted((a, b) => b - a));
      }),
    );
  });

  it("are six at most, and none but the first takes less than a twentieth of the rows", () => {
    fc.assert(
      fc.property(anyCounts, (counts) => {
        const passes = planPasses(counts);
        const all = counts.reduce((sum, rows) => sum + rows, 0);
        expect(passes.length).toBeLessThanOrEqual(6);
        for (const pass of passes.slice(1)) expect(rowsIn(counts, pass) / all).toBeGreaterThanOrEqual(0.05);
      }),
    );
  });

  it("are one where rows hardly differ, and where there are none", () => {
    expect(planPasses(countsOf({}))).toHaveLength(1);
    expect(planPasses(countsOf({ 12: 1000 }))).toHaveLength(1);
    expect(planPasses(countsOf({ 12: 500, 13: 500 }))).toHaveLength(1);
    expect(planPasses(countsOf({ 12: 500, 14: 500 }))).toHaveLength(2);
  });

  it("keep a few very long rows apart, but not a few short ones", () => {
    expect(planPasses(countsOf({ 12: 100_000, 18: 1 }))).toEqual([
      { least: 18, most: 18 },
      { least: 12, most: 12 },
    ]);
    expect(planPasses(countsOf({ 8: 1, 12: 100_000 }))).toHaveLength(1);
  });

  it("join the classes with the fewest rows when there are too many", () => {
    expect(planPasses(countsOf({ 3: 300, 4: 300, 5: 300, 6: 100, 7: 90, 8: 300, 9: 300 }))).toEqual([
      { least: 9, most: 9 },
      { least: 8, most: 8 },
      { least: 6, most: 7 },
      { least: 5, most: 5 },
      { least: 4, most: 4 },
      { least: 3, most: 3 },
    ]);
  });
});
