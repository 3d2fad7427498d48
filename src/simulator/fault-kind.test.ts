import { describe, expect, it } from "vitest";
import { seededRng } from "../time/rng.ts";
import { faultAt, faultKinds, type FaultKind } from "./fault-kind.ts";

describe("faultAt", () => {
  it("finds no fault where none is asked for", () => {
    expect(faultAt({}, 0)).toBeUndefined();
    expect(faultAt({ reset: 0 }, 0)).toBeUndefined();
  });

  it.each(faultKinds)("always draws %s at a rate of 1", (kind) => {
    expect(faultAt({ [kind]: 1 }, 0)).toBe(kind);
    expect(faultAt({ [kind]: 1 }, 0.999_999)).toBe(kind);
  });

  it("draws each fault at its own rate", () => {
    const rng = seededRng(3);
    const counts = new Map<FaultKind | undefined, number>();
    for (let draw = 0; draw < 20_000; draw++) {
      const kind = faultAt({ "500": 0.1, cut: 0.05 }, rng());
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    expect((counts.get("500") ?? 0) / 2000).toBeCloseTo(1, 0.5);
    expect((counts.get("cut") ?? 0) / 1000).toBeCloseTo(1, 0.5);
    expect(counts.size).toBe(3);
  });
});
