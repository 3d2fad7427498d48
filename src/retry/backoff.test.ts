import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRng } from "../time/rng.ts";
import { boundsFor, fullJitter } from "./backoff.ts";

describe("fullJitter", () => {
  it("waits at least 50 ms and at most twice as long each time, up to the cap", () => {
    const codes = fc.constantFrom("server", "network", "overloaded" as const);
    fc.assert(
      fc.property(codes, fc.integer({ min: 1, max: 100 }), fc.integer(), (code, retry, seed) => {
        const bounds = boundsFor(code);
        const waitMs = fullJitter(retry, bounds, seededRng(seed));
        expect(waitMs).toBeGreaterThanOrEqual(50);
        expect(waitMs).toBeLessThanOrEqual(Math.max(50, Math.min(bounds.capMs, bounds.baseMs * 2 ** (retry - 1))));
      }),
    );
  });

  it("spreads the waits over the whole range", () => {
    const rng = seededRng(7);
    const waits = Array.from({ length: 5000 }, () => fullJitter(4, boundsFor("server"), rng));
    expect(waits.reduce((sum, waitMs) => sum + waitMs, 0) / waits.length / 1000).toBeCloseTo(1, 1);
    expect(Math.max(...waits)).toBeGreaterThan(1950);
  });

  it("gives an overloaded provider more time", () => {
    expect(boundsFor("overloaded")).toEqual({ baseMs: 1000, capMs: 30_000 });
    expect(boundsFor("network")).toEqual({ baseMs: 250, capMs: 20_000 });
  });
});
