import { describe, expect, it } from "vitest";
import { addMoney, type Money } from "./money.ts";

const total = (...amounts: readonly Money[]): readonly Money[] => amounts.reduce(addMoney, [] as readonly Money[]);

describe("addMoney", () => {
  it("keeps one sum for each currency and never adds two of them", () => {
    const sums = total(
      { amount: 1, currency: "USD" },
      { amount: 3, currency: "CNY" },
      { amount: 0.5, currency: "USD" },
      { amount: 4, currency: "CNY" },
    );
    expect(sums).toEqual([
      { amount: 1.5, currency: "USD" },
      { amount: 7, currency: "CNY" },
    ]);
  });

  it("keeps of a cost only the money", () => {
    const cost = { amount: 2, currency: "USD", matched: "gpt-5-mini", source: "genai-prices" } as const;
    expect(total(cost, cost)).toEqual([{ amount: 4, currency: "USD" }]);
    expect(total(cost)).toEqual([{ amount: 2, currency: "USD" }]);
  });
});
