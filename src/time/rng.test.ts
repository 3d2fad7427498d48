import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Rng, seededRng } from "./rng.ts";

const draw = (rng: Rng, count: number): number[] => Array.from({ length: count }, rng);

describe("seededRng", () => {
  it("repeats itself for the same seed, and not for another", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(draw(seededRng(seed), 20)).toEqual(draw(seededRng(seed), 20));
        expect(draw(seededRng(seed), 20)).not.toEqual(draw(seededRng(seed + 1), 20));
      }),
    );
  });

  it("fills [0, 1) evenly", () => {
    const numbers = draw(seededRng(1), 20_000);
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = numbers.filter((number) => Math.floor(number * 10) === tenth).length / numbers.length;
      expect(share).toBeCloseTo(0.1, 1.5);
    }
  });
});
