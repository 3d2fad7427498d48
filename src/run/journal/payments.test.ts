import { describe, expect, it } from "vitest";
import type { Money } from "../../call/money.ts";
import { Payments } from "./payments.ts";

const dollars = (amount: number): Money => ({ amount, currency: "USD" });

describe("what may have been paid for", () => {
  it("is nothing beside the answers when every attempt brought one", () => {
    const payments = new Payments(2);
    payments.sent(0, dollars(1));
    payments.done(0);
    payments.sent(1, dollars(1));
    expect(payments.possiblyTwice()).toEqual({ count: 0, atMost: [], unpriced: 0 });
  });

  it("is each attempt before the one that brought the answer, unless it was certainly free", () => {
    const payments = new Payments(1);
    for (let attempt = 0; attempt < 4; attempt++) payments.sent(0, dollars(0.5));
    payments.unpaid(0);
    expect(payments.done(0)).toBe(2);
    expect(payments.possiblyTwice()).toEqual({ count: 2, atMost: [dollars(1)], unpriced: 0 });
  });

  it("stays owed by a row that ended without an answer, until it has one", () => {
    const payments = new Payments(3);
    payments.sent(1, dollars(2));
    payments.ended(1);
    expect(payments.possiblyTwice().count).toBe(0);
    payments.sent(1, undefined);
    expect(payments.debtOf(1)).toEqual({ count: 2, atMost: undefined });
    payments.done(1);
    expect(payments.possiblyTwice()).toEqual({ count: 1, atMost: [], unpriced: 1 });
    expect([...payments.debts()]).toEqual([]);
  });

  it("counts a row without an answer from its second charge on, and never adds up two currencies", () => {
    const payments = new Payments(2);
    payments.owe(0, { count: 3, atMost: dollars(3) });
    payments.tally(1, { amount: 7, currency: "CNY" });
    expect(payments.possiblyTwice()).toEqual({
      count: 3,
      atMost: [{ amount: 7, currency: "CNY" }, dollars(2)],
      unpriced: 0,
    });
  });

  it("keeps what was on its way when a process died", () => {
    const payments = new Payments(4);
    payments.sent(2, dollars(1));
    expect(payments.endAll()).toBe(1);
    expect([...payments.debts()]).toEqual([[2, { count: 1, atMost: dollars(1) }]]);
  });
});
