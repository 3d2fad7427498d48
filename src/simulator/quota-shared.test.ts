import { describe, expect, it } from "vitest";
import { quotaBucket } from "./quota-bucket.ts";
import { quotaShared } from "./quota-shared.ts";
import { quotaWindow } from "./quota-window.ts";

describe("quotaShared", () => {
  it("loses the share of the others, evenly", () => {
    const quota = quotaShared(quotaBucket({ limit: 600, burstMs: 10_000, startAt: 0 }), { share: 0.3, startAt: 0 });
    quota.charge(0, 100);
    expect(quota.level(10_000)).toBeCloseTo(70, 6);
    expect(quota.foreign(10_000)).toBeCloseTo(30, 6);
  });

  it("gives the others nothing when nothing is left", () => {
    const quota = quotaShared(quotaWindow({ limit: 100, startAt: 0 }), { share: 0.5, startAt: 0 });
    quota.charge(0, 100);
    expect(quota.foreign(59_999)).toBe(0);
    expect(quota.foreign(90_000)).toBeCloseTo(25, 0);
  });

  it("changes nothing when there are no others", () => {
    const quota = quotaShared(quotaBucket({ limit: 60, startAt: 0 }), { share: 0, startAt: 0 });
    quota.charge(0, 60);
    expect([quota.level(30_000), quota.foreign(30_000)]).toEqual([30, 0]);
  });
});
