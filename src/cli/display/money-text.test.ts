import { describe, expect, it } from "vitest";
import { costText, moneysText, moneyText } from "./money-text.ts";
import { chinese } from "./words-zh.ts";
import { english } from "./words-en.ts";

const dollars = (amount: number): string => moneyText({ amount, currency: "USD" });

describe("money", () => {
  it("is shown in its currency, with cents", () => {
    expect([5.33, 0, 0.5, 6.926, 1234.5, 1_234_567.899].map(dollars)).toEqual([
      "$5.33",
      "$0.00",
      "$0.50",
      "$6.93",
      "$1,234.50",
      "$1,234,567.90",
    ]);
    expect(moneyText({ amount: 23.1, currency: "CNY" })).toBe("¥23.10");
  });

  it("is shown finer when it is small, so that what costs something never looks free", () => {
    expect([0.18, 0.0123, 0.00996, 0.0012, 0.000_034_56, 0.000_000_12, 1e-8].map(dollars)).toEqual([
      "$0.18",
      "$0.012",
      "$0.010",
      "$0.0012",
      "$0.000035",
      "$0.00000012",
      "$0.000000010",
    ]);
  });

  it("of several currencies stands beside each other and is never added", () => {
    const costs = [
      { amount: 1.2, currency: "USD" },
      { amount: 3.4, currency: "CNY" },
    ] as const;
    expect(moneysText(costs)).toBe("$1.20 + ¥3.40");
    expect(costText({ costs, unpricedCalls: 0 }, english)).toBe("$1.20 + ¥3.40");
  });

  it("that nobody knows is called unknown, not nothing", () => {
    const costs = [{ amount: 1.2, currency: "USD" }] as const;
    expect(costText({ costs, unpricedCalls: 1200 }, english)).toBe("$1.20 + 1,200 calls without a known price");
    expect(costText({ costs, unpricedCalls: 1 }, english)).toBe("$1.20 + 1 call without a known price");
    expect(costText({ costs, unpricedCalls: 3 }, chinese)).toBe("$1.20 + 3 次调用价格未知");
    expect(costText({ costs: [], unpricedCalls: 3 }, english)).toBe("unknown");
    expect(costText({ costs: [], unpricedCalls: 3 }, chinese)).toBe("未知");
    expect(costText({ costs: [], unpricedCalls: 0 }, english)).toBeUndefined();
  });
});
