import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FailedAttempt } from "../../call/possibly-paid.ts";
import { Budget } from "./budget.ts";

const refusal: FailedAttempt = { code: "throttled", status: 429, unreachable: false };
const timeout: FailedAttempt = { code: "timeout", unreachable: false };

describe("a budget", () => {
  it("takes rows as long as what each may cost fits, and gives back what they did not need", () => {
    const budget = new Budget(1);
    expect([budget.openRow("a", 0.6), budget.openRow("b", 0.4), budget.openRow("c", 0.1)]).toEqual([true, true, false]);
    budget.attempt("a");
    budget.attemptEnded("a", undefined);
    budget.closeRow("a", { ok: true, reused: false, cost: 0.05 });
    expect(budget.spent).toBeCloseTo(0.05);
    expect(budget.openRow("c", 0.5)).toBe(true);
    expect(budget.isRoomy).toBe(false);
  });

  it("reserves another attempt only after one that may have been paid for", () => {
    const budget = new Budget(1);
    budget.openRow("a", 0.4);
    for (let round = 0; round < 5; round++) {
      expect(budget.attempt("a")).toBe(true);
      budget.attemptEnded("a", refusal);
    }
    expect([budget.spent, budget.reserved]).toEqual([0, 0.4]);
    expect(budget.attempt("a")).toBe(true);
    budget.attemptEnded("a", timeout);
    expect(budget.attempt("a")).toBe(true);
    budget.attemptEnded("a", timeout);
    expect(budget.attempt("a")).toBe(false);
    budget.attemptEnded("a", { code: "budget", unreachable: false });
    budget.closeRow("a", { ok: false, reused: false });
    expect([budget.spent, budget.reserved]).toEqual([0.8, 0]);
  });

  it("charges the most for an answer of unknown price and for an attempt whose end was never told, nothing for a kept answer", () => {
    const budget = new Budget(10);
    for (const id of ["unknown", "lost", "kept", "misfit"]) budget.openRow(id, 1);
    for (const id of ["unknown", "lost", "misfit"]) budget.attempt(id);
    budget.attemptEnded("unknown", undefined);
    budget.closeRow("unknown", { ok: true, reused: false });
    budget.closeRow("lost", { ok: false, reused: false });
    budget.closeRow("kept", { ok: true, reused: true, cost: 1 });
    budget.attemptEnded("misfit", undefined);
    budget.closeRow("misfit", { ok: false, reused: false });
    expect([budget.spent, budget.reserved, budget.open]).toEqual([3, 0, 0]);
  });

  it("counts what earlier runs have spent", () => {
    expect(new Budget(1, 0.95).openRow("a", 0.1)).toBe(false);
    expect(new Budget(0.3, 0.1 + 0.1).openRow("a", 0.1)).toBe(true);
  });

  it("is never exceeded by a provider that charges the most for everything it may charge, however calls fail and overlap", () => {
    const step = fc.record({
      row: fc.nat(30),
      what: fc.constantFrom("open", "start", "answer", "refuse", "break", "close"),
    });
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 5, noNaN: true }), fc.array(step, { maxLength: 300 }), (most, steps) => {
        const [budget, prices, running, bills] = [
          new Budget(most),
          new Map<string, number>(),
          new Map<string, number>(),
          new Map<string, number>(),
        ];
        let billed = 0;
        for (const { row, what } of steps) {
          const id = String(row);
          const price = prices.get(id);
          const runs = running.get(id) ?? 0;
          if (what === "open" && price === undefined) {
            if (budget.openRow(id, 0.01 * (row + 1) ** 1.1)) prices.set(id, 0.01 * (row + 1) ** 1.1);
          } else if (price === undefined) continue;
          else if (what === "start") {
            // What goes out is charged at once, at the most; what is refused after all is given back.
            if (!budget.attempt(id)) budget.attemptEnded(id, { code: "budget", unreachable: false });
            else {
              billed += price;
              running.set(id, runs + 1);
            }
          } else if (what === "close") {
            const answers = bills.get(id) ?? 0;
            budget.closeRow(id, { ok: answers > 0, reused: false, cost: answers });
            for (const table of [prices, running, bills]) table.delete(id);
          } else if (runs > 0) {
            running.set(id, runs - 1);
            budget.attemptEnded(id, what === "answer" ? undefined : what === "refuse" ? refusal : timeout);
            if (what === "refuse") billed -= price;
            if (what === "answer") bills.set(id, (bills.get(id) ?? 0) + price);
          }
          expect(billed).toBeLessThanOrEqual(most + 1e-9);
        }
      }),
      { numRuns: 500 },
    );
  });
});
