import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StartLedger } from "./start-ledger.ts";

type Step = readonly [gapMs: number, amount: number];

const gaps = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 10, max: 5000 }));
const steps = fc.array(fc.tuple(gaps, fc.integer({ min: 0, max: 1000 })), { maxLength: 300, size: "max" });

/** The ledger beside a list that remembers everything. */
const both = (trace: readonly Step[]) => {
  const ledger = new StartLedger();
  const list: { readonly at: number; readonly amount: number }[] = [];
  let at = 0;
  for (const [gapMs, amount] of trace) {
    at += gapMs;
    ledger.add(at, amount);
    list.push({ at, amount });
  }
  const since = (time: number): number =>
    list.filter((start) => start.at > time).reduce((sum, { amount }) => sum + amount, 0);
  return { ledger, list, since, end: at };
};

describe("StartLedger", () => {
  it("knows what was started since any time, up to the ten milliseconds that share one entry", () => {
    fc.assert(
      fc.property(steps, fc.double({ min: -0.1, max: 1.1, noNaN: true }), (trace, part) => {
        const { ledger, since, end } = both(trace);
        const time = part * end;
        expect(ledger.since(time)).toBeLessThanOrEqual(since(time - 10));
        expect(ledger.since(time)).toBeGreaterThanOrEqual(Math.min(since(time), since(time + 10)));
        expect(ledger.totalAt(time) + ledger.since(time)).toBe(ledger.total);
      }),
    );
  });

  it("is exact when starts are further apart than that", () => {
    fc.assert(
      fc.property(steps, (trace) => {
        const { ledger, list, since } = both(trace.map(([gapMs, amount]) => [gapMs + 10, amount]));
        for (const { at } of list) {
          expect(ledger.since(at)).toBe(since(at));
          expect(ledger.since(at - 0.5)).toBe(since(at - 0.5));
        }
      }),
    );
  });

  it("counts all and nothing at its ends, and nothing while it is empty", () => {
    const ledger = new StartLedger();
    expect([ledger.total, ledger.since(-Infinity), ledger.totalAt(Infinity)]).toEqual([0, 0, 0]);
    ledger.add(100, 7);
    expect([ledger.since(-Infinity), ledger.since(99), ledger.since(100)]).toEqual([7, 7, 0]);
  });

  it("lists what was started after a time, oldest first, and loses none of it", () => {
    fc.assert(
      fc.property(steps, (trace) => {
        const { ledger, end } = both(trace);
        const entries = [...ledger.entries(-1)];
        expect(entries.reduce((sum, [, amount]) => sum + amount, 0)).toBe(ledger.total);
        expect(entries.map(([at]) => at)).toEqual(entries.map(([at]) => at).toSorted((a, b) => a - b));
        const half = [...ledger.entries(end / 2)];
        expect(half).toEqual(entries.filter(([at]) => at > end / 2));
      }),
    );
  });

  it("remembers the newest eight thousand moments, and counts older ones as started before", () => {
    const ledger = new StartLedger();
    for (let at = 0; at < 20_000; at++) ledger.add(at * 10, 1);
    expect(ledger.total).toBe(20_000);
    for (const back of [1, 100, 5000, 8000]) expect(ledger.since((20_000 - 1 - back) * 10)).toBe(back);
    expect(ledger.since(0)).toBeGreaterThanOrEqual(8000);
    expect(ledger.since(0)).toBeLessThanOrEqual(20_000);
    const listed = [...ledger.entries(0)];
    expect(listed.length).toBeGreaterThan(8000);
    expect(listed.every(([, amount]) => amount === 1)).toBe(true);
  });
});
