import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Admission, type Ticket } from "./admission.ts";
import { dimensionsOf } from "./dimensions.ts";
import type { Limits } from "./limits.ts";

const ticket = (sequence: number, tokens = 0, priority = 0): Ticket => ({
  amounts: { slot: 1, request: 1, input: tokens, output: 0, total: tokens },
  priority,
  sequence,
  state: "queued",
  grantedAt: 0,
});

const admission = (limits: Limits): Admission => new Admission(dimensionsOf(limits));
const nothing = { slot: 0, request: 0, input: 0, output: 0, total: 0 };

const grantAll = (queue: Admission, now: number): Ticket[] => {
  const granted: Ticket[] = [];
  for (let next = queue.next(now); next !== undefined; next = queue.next(now)) granted.push(next);
  return granted;
};

const sequences = (tickets: readonly Ticket[]): number[] => tickets.map(({ sequence }) => sequence);

describe("Admission", () => {
  it("grants by priority and then by age, whatever the order of arrival; a retry is older than what came after it", () => {
    const arrivals = fc.array(fc.tuple(fc.nat(), fc.integer({ min: -2, max: 2 })), { maxLength: 50 });
    fc.assert(
      fc.property(arrivals, (calls) => {
        const queue = admission({ maxConcurrent: 100 });
        const tickets = calls.map(([sequence, priority]) => ticket(sequence, 0, priority));
        for (const one of tickets) queue.enqueue(one);
        const wanted = tickets.toSorted((a, b) => b.priority - a.priority || a.sequence - b.sequence);
        const granted = grantAll(queue, 0);
        expect(sequences(granted)).toEqual(sequences(wanted));
        expect(granted.map(({ priority }) => priority)).toEqual(wanted.map(({ priority }) => priority));
      }),
    );
  });

  it("takes from every quota or from none", () => {
    const queue = admission({ maxConcurrent: 5, requestsPerMinute: 100, tokensPerMinute: 1000 });
    queue.enqueue(ticket(1, 1000));
    expect(grantAll(queue, 0)).toHaveLength(1);
    queue.enqueue(ticket(2, 1000));
    expect(grantAll(queue, 5000)).toHaveLength(0);
    expect(queue.dimensions.map((dimension) => [dimension.unit, Math.round(dimension.used(5000))])).toEqual([
      ["slot", 1],
      ["request", 0],
      ["request", 1],
      ["total", 917],
      ["total", 1000],
    ]);
    expect(queue.boundBy).toBe("tokensPerMinute");
  });

  it("lets nobody pass the head, so that a large call is not starved", () => {
    const queue = admission({ maxConcurrent: 100, tokensPerMinute: 1000 });
    queue.enqueue(ticket(1, 900));
    grantAll(queue, 0);
    queue.enqueue(ticket(2, 800));
    queue.enqueue(ticket(3, 1));
    expect(grantAll(queue, 1000)).toHaveLength(0);
    expect(sequences(grantAll(queue, 60_300))).toEqual([2]);
  });

  it("never says that it can go on at a time that the clock cannot tell from now", () => {
    const limits = fc.integer({ min: 1, max: 1_000_000_000 });
    const times = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(limits, fc.integer({ min: 0, max: 1e12 }), times, (tokensPerMinute, start, gaps) => {
        const queue = admission({ maxConcurrent: 1000, tokensPerMinute });
        let now = start;
        for (const [index, gapMs] of gaps.entries()) {
          now += gapMs;
          queue.enqueue(ticket(index, tokensPerMinute / 7));
          grantAll(queue, now);
          expect(queue.wakeAt).toBeGreaterThan(now);
        }
      }),
    );
  });

  it("grants everything that waits, if it is called when it asked to be", () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 40 });
    fc.assert(
      fc.property(sizes, (tokens) => {
        const queue = admission({ maxConcurrent: 1000, requestsPerMinute: 60, tokensPerMinute: 1000 });
        for (const [index, amount] of tokens.entries()) queue.enqueue(ticket(index, amount));
        let now = 0;
        let granted = grantAll(queue, now).length;
        for (let turns = 0; queue.queued > 0 && turns < 1000; turns++) {
          now = queue.wakeAt;
          granted += grantAll(queue, now).length;
        }
        expect(granted).toBe(tokens.length);
        expect(now).toBeLessThanOrEqual(60_200 * tokens.length);
      }),
    );
  });

  it("forgets who withdraws, and grants the others in order", () => {
    const leavers = fc.array(fc.boolean(), { maxLength: 300 });
    fc.assert(
      fc.property(leavers, (leaves) => {
        const queue = admission({ maxConcurrent: 1000 });
        const tickets = leaves.map((_, index) => ticket(index));
        for (const one of tickets) queue.enqueue(one);
        for (const [index, one] of tickets.entries())
          if (leaves[index] === true) expect(queue.withdraw(one)).toBe(true);
        expect(queue.queued).toBe(leaves.filter((leave) => !leave).length);
        expect(sequences(grantAll(queue, 0))).toEqual(sequences(tickets.filter((_, index) => leaves[index] !== true)));
        for (const one of tickets) expect(queue.withdraw(one)).toBe(false);
        expect(queue.queued).toBe(0);
      }),
    );
  });

  it("settles once: what comes later changes nothing", () => {
    const queue = admission({ maxConcurrent: 2, tokensPerMinute: 1000 });
    queue.enqueue(ticket(1, 500));
    const [granted] = grantAll(queue, 0);
    if (granted === undefined) throw new Error("nothing was granted");
    const used = { ...nothing, request: 1, total: 100 };
    queue.settle(10, granted, used, "succeeded");
    const after = queue.dimensions.map((dimension) => dimension.used(10));
    queue.settle(10, granted, nothing, undefined);
    queue.settle(10, granted, used, "throttled");
    expect(queue.dimensions.map((dimension) => dimension.used(10))).toEqual(after);
    expect([queue.inFlight, after[0], after.at(-1)]).toEqual([0, 0, 100]);
  });

  it("names what can never fit, and lets through what just does", () => {
    const queue = admission({ tokensPerMinute: 1000 });
    expect(queue.tooLargeFor(ticket(1, 1000).amounts)).toBeUndefined();
    expect(queue.tooLargeFor(ticket(1, 1001).amounts)?.name).toBe("tokensPerMinute");
  });

  it("tells when such a call could start, and empties itself on request", () => {
    const queue = admission({ maxConcurrent: 1000, requestsPerMinute: 60 });
    for (let index = 0; index < 3; index++) queue.enqueue(ticket(index));
    expect(queue.earliestStart(0, ticket(9).amounts)).toBe(0);
    grantAll(queue, 0);
    expect(queue.earliestStart(0, ticket(9).amounts)).toBeCloseTo(1000 / 0.995);
    expect(sequences([...queue.drain()])).toEqual([1, 2]);
    expect([queue.queued, queue.boundBy]).toEqual([0, undefined]);
  });
});
