import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Admission } from "./admission.ts";
import { QuotaSet } from "./quota-set.ts";
import type { Ticket } from "./ticket.ts";

const ticket = (sequence: number, inputTokens: number): Ticket => ({
  demand: { inputTokens, outputTokens: 0 },
  share: 0,
  amounts: undefined,
  grant: 0,
  grantedAt: 0,
  tenant: "",
  priority: 0,
  sequence,
  size: inputTokens,
  state: "queued",
});

const grantAll = (queue: Admission, now: number): Ticket[] => {
  const granted: Ticket[] = [];
  for (let next = queue.next(now); next !== undefined; next = queue.next(now)) granted.push(next);
  return granted;
};

const limit = 60_000;

/** Twelve calls, whose headers show that others use the key, and in what way the provider counts. */
const taught = (kind: "bucket" | "window", maxConcurrent = 100): Admission => {
  const queue = new Admission(new QuotaSet({ maxConcurrent }));
  for (let now = 0; now < 12_000; now += 1000) {
    queue.enqueue(ticket(now, 100));
    const [granted] = grantAll(queue, now);
    if (granted === undefined) throw new Error("nothing was granted");
    const remaining = limit - 4500 * (now / 1000 + 1) - 123;
    const resetMs = kind === "window" ? limit - now + 77 : limit - remaining;
    queue.observe(now, granted, [{ unit: "total", limit, remaining, resetMs }]);
    queue.settle(now, granted, undefined);
  }
  return queue;
};

/** When the head starts, with those behind it. */
const headStart = (queue: Admission, head: Ticket, others: readonly Ticket[]): { at: number; before: number } => {
  queue.enqueue(head);
  for (const other of others) queue.enqueue(other);
  let now = 13_000;
  let before = 0;
  for (let turns = 0; turns < 2000; turns++) {
    const granted = grantAll(queue, now);
    if (granted.includes(head)) return { at: now, before };
    before += granted.length;
    now = Math.max(now + 1, queue.wakeAt);
  }
  throw new Error("the head has never started");
};

describe("Admission, when the head does not fit into the rest of the provider's window", () => {
  it("gives what is left of it to those behind that fit, but only where the provider counts in windows", () => {
    const small = (): Ticket[] => [1, 2, 3, 4].map((sequence) => ticket(20_000 + sequence, 200));
    const window = headStart(taught("window"), ticket(15_000, 10_000), small());
    expect(window.before).toBe(4);
    expect(window.at).toBeGreaterThanOrEqual(limit + 77);
    expect(headStart(taught("bucket"), ticket(15_000, 30_000), small()).before).toBe(0);
  });

  it("never puts the head off", () => {
    const others = fc.array(fc.integer({ min: 1, max: 4000 }), { maxLength: 40 });
    fc.assert(
      fc.property(others, fc.integer({ min: 8000, max: 20_000 }), (sizes, tokens) => {
        const behind = sizes.map((size, index) => ticket(20_000 + index, size));
        const alone = headStart(taught("window"), ticket(15_000, tokens), []);
        const crowded = headStart(taught("window"), ticket(15_000, tokens), behind);
        expect(crowded.at - alone.at).toBeLessThanOrEqual(2);
      }),
      { numRuns: 50 },
    );
  });

  it("leaves the last slot to the head", () => {
    const queue = taught("window", 3);
    queue.enqueue(ticket(15_000, 10_000));
    for (let sequence = 20_000; sequence < 20_005; sequence++) queue.enqueue(ticket(sequence, 100));
    let granted = 0;
    for (let now = 13_000; now < 59_000; now += 500) granted += grantAll(queue, now).length;
    expect(granted).toBe(2);
  });
});
