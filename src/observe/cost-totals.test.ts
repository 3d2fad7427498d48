import { describe, expect, it } from "vitest";
import { CostTotals } from "./cost-totals.ts";

describe("CostTotals", () => {
  it("sums each currency by itself and counts the calls without a price", () => {
    const totals = new CostTotals();
    totals.add({ amount: 1.25, currency: "USD" });
    totals.add(undefined);
    totals.add({ amount: 8, currency: "CNY" });
    totals.add({ amount: 0.25, currency: "USD" });
    totals.add(undefined);
    expect(totals.snapshot()).toEqual({
      costs: [
        { amount: 1.5, currency: "USD" },
        { amount: 8, currency: "CNY" },
      ],
      unpricedCalls: 2,
    });
  });

  it("has no sum, not a sum of nothing, when no call had a price", () => {
    const totals = new CostTotals();
    totals.add(undefined);
    expect(totals.snapshot()).toEqual({ costs: [], unpricedCalls: 1 });
  });

  it("counts a call that was free as one with a price", () => {
    const totals = new CostTotals();
    totals.add({ amount: 0, currency: "USD" });
    expect(totals.snapshot()).toEqual({ costs: [{ amount: 0, currency: "USD" }], unpricedCalls: 0 });
  });

  it("gives snapshots that stay as they are", () => {
    const totals = new CostTotals();
    totals.add({ amount: 1, currency: "USD" });
    const before = totals.snapshot();
    totals.add({ amount: 1, currency: "USD" });
    expect(before.costs).toEqual([{ amount: 1, currency: "USD" }]);
  });
});
