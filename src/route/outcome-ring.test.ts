import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutcomeRing } from "./outcome-ring.ts";

describe("OutcomeRing", () => {
  it("counts what ended in the last twelve parts, whatever pauses lie between", () => {
    const steps = fc.array(fc.record({ pauseMs: fc.nat(100_000), failed: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (outcomes) => {
        const ring = new OutcomeRing();
        const seen: { readonly at: number; readonly failed: boolean }[] = [];
        let now = 0;
        for (const { pauseMs, failed } of outcomes) {
          now += pauseMs;
          ring.add(now, failed);
          seen.push({ at: now, failed });
          const recent = seen.filter(({ at }) => Math.floor(at / 5000) > Math.floor(now / 5000) - 12);
          expect(ring.count(now)).toEqual({ all: recent.length, failed: recent.filter((one) => one.failed).length });
        }
      }),
    );
  });

  it("forgets everything when it is cleared", () => {
    const ring = new OutcomeRing();
    ring.add(1, true);
    ring.clear();
    expect(ring.count(1)).toEqual({ all: 0, failed: 0 });
  });
});
