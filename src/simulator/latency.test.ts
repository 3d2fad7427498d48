import { describe, expect, it } from "vitest";
import { seededRng } from "../time/rng.ts";
import { drawLatency } from "./latency.ts";

describe("drawLatency", () => {
  it("is exact without a spread", () => {
    expect(drawLatency({ firstTokenMs: 300, tokenMs: 20, latencySpread: 0 }, seededRng(1))).toEqual({
      firstMs: 300,
      tokenMs: 20,
    });
  });

  it("spreads around its median by the log-normal law", () => {
    const rng = seededRng(1);
    const times = Array.from({ length: 2001 }, () => {
      return drawLatency({ firstTokenMs: 100, tokenMs: 0, latencySpread: 0.5 }, rng).firstMs;
    }).toSorted((a, b) => a - b);
    expect((times[1000] ?? 0) / 100).toBeCloseTo(1, 1);
    // One sigma above the median is the 84th of a hundred.
    expect((times[1683] ?? 0) / (100 * Math.exp(0.5))).toBeCloseTo(1, 0.5);
  });
});
