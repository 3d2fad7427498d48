import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RetryBudget } from "./retry-budget.ts";

const spendAll = (budget: RetryBudget, now: number): number => {
  let spent = 0;
  while (budget.spend(now, 1)) spent += 1;
  return spent;
};

describe("RetryBudget", () => {
  it("holds fifty retries and refuses the next", () => {
    expect(spendAll(new RetryBudget(0), 0)).toBe(50);
  });

  it("returns one every 10 s, up to ten", () => {
    const budget = new RetryBudget(0);
    spendAll(budget, 0);
    expect(spendAll(budget, 9999)).toBe(0);
    expect(spendAll(budget, 10_000)).toBe(1);
    expect(spendAll(budget, 40_000)).toBe(3);
    expect(spendAll(budget, 86_400_000)).toBe(10);
  });

  it("returns one for ten successes, up to fifty", () => {
    const budget = new RetryBudget(0);
    spendAll(budget, 0);
    for (let success = 0; success < 25; success++) budget.succeeded();
    expect(spendAll(budget, 0)).toBe(2);
    for (let success = 0; success < 10_000; success++) budget.succeeded();
    expect(spendAll(budget, 0)).toBe(50);
  });

  it("says when time adds the next", () => {
    const budget = new RetryBudget(0);
    expect(budget.nextRefillAt(3000)).toBe(10_000);
    expect(budget.nextRefillAt(25_000)).toBe(30_000);
  });

  it("is proven by the first success", () => {
    const budget = new RetryBudget(0);
    expect(budget.proven).toBe(false);
    budget.succeeded();
    expect(budget.proven).toBe(true);
  });

  it("takes back what was paid for nothing", () => {
    const budget = new RetryBudget(0);
    spendAll(budget, 0);
    budget.repay(1);
    expect(spendAll(budget, 0)).toBe(1);
    budget.repay(1000);
    expect(spendAll(budget, 0)).toBe(50);
  });

  it("never gives more than it had, got back and earned", () => {
    const steps = fc.array(fc.tuple(fc.nat({ max: 30_000 }), fc.constantFrom(1, 2), fc.boolean()));
    fc.assert(
      fc.property(steps, (trace) => {
        const budget = new RetryBudget(0);
        let now = 0;
        let spent = 0;
        let earned = 0;
        for (const [gapMs, cost, succeeded] of trace) {
          now += gapMs;
          if (succeeded) {
            budget.succeeded();
            earned += 0.1;
          } else if (budget.spend(now, cost)) spent += cost;
          expect(spent).toBeLessThanOrEqual(50 + earned + now / 10_000 + 1e-6);
        }
      }),
    );
  });
});
