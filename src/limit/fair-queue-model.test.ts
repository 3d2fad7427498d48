import fc from "fast-check";
import { expect, it } from "vitest";
import { FairQueue, type Queued } from "./fair-queue.ts";

interface Lane {
  readonly tenant: string;
  readonly priority: number;
  tag: number;
  floor: number;
  turn: number;
  readonly items: Queued[];
}

/** The same rules without any cleverness: everything is looked through each time. */
class Naive {
  virtualTime = 0;
  turns = 0;
  readonly lanes: Lane[] = [];
  readonly goesBefore: (a: Queued, b: Queued) => number;

  constructor(order: "fifo" | "longest-first") {
    this.goesBefore = (a, b) => (order === "fifo" ? 0 : b.size - a.size) || a.sequence - b.sequence;
  }

  lane({ tenant, priority }: Queued): Lane {
    const found = this.lanes.find((lane) => lane.tenant === tenant && lane.priority === priority);
    const lane = found ?? { tenant, priority, tag: this.virtualTime, floor: 0, turn: 0, items: [] };
    if (found === undefined) this.lanes.push(lane);
    return lane;
  }

  push(item: Queued): void {
    const lane = this.lane(item);
    if (lane.items.length === 0) {
      lane.floor = this.virtualTime;
      lane.tag = Math.max(lane.tag, lane.floor);
      lane.turn = this.turns += 1;
    }
    lane.items.push(item);
    lane.items.sort(this.goesBefore);
  }

  first(lanes: readonly Lane[]): Lane | undefined {
    const waiting = lanes.filter(({ items }) => items.length > 0);
    return waiting.toSorted((a, b) => a.tag - b.tag || b.priority - a.priority || a.turn - b.turn)[0];
  }

  order(limit: number): Queued[] {
    const lanes = this.lanes.map((lane) => ({ ...lane, items: [...lane.items] }));
    const order: Queued[] = [];
    for (let turn = this.turns + 1; order.length < limit; turn += 1) {
      const lane = this.first(lanes);
      const item = lane?.items.shift();
      if (lane === undefined || item === undefined) break;
      order.push(item);
      lane.tag += item.share / 4 ** lane.priority;
      lane.turn = turn;
    }
    return order;
  }

  take(item: Queued): void {
    this.virtualTime = Math.max(this.virtualTime, this.first(this.lanes)?.tag ?? 0);
    const lane = this.lane(item);
    this.withdraw(item);
    lane.tag += item.share / 4 ** lane.priority;
    lane.turn = this.turns += 1;
  }

  withdraw(item: Queued): void {
    const { items } = this.lane(item);
    items.splice(items.indexOf(item), 1);
  }

  correct(item: Queued, used: number): void {
    const lane = this.lane(item);
    lane.tag = Math.max(lane.floor, lane.tag + (used - item.share) / 4 ** lane.priority);
  }
}

const step = fc.record({
  kind: fc.constantFrom("push", "push", "push", "again", "take", "take", "backfill", "withdraw", "correct"),
  tenant: fc.constantFrom("a", "b", "c"),
  priority: fc.integer({ min: -1, max: 2 }),
  size: fc.nat(4),
  // Parts of a power of two, so that both come to the same sums.
  share: fc.integer({ min: 1, max: 64 }).map((part) => part / 64),
  pick: fc.nat(100),
});

const pickOf = <T>(items: readonly T[], pick: number): T | undefined => items[pick % Math.max(1, items.length)];

it("serves whatever a naive queue by the same rules serves, and looks ahead as far", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("fifo", "longest-first"),
      fc.array(step, { minLength: 80, maxLength: 160 }),
      (order, steps) => {
        const queue = new FairQueue<Queued>(order);
        const naive = new Naive(order);
        const taken: Queued[] = [];
        const ended: Queued[] = [];
        for (const [sequence, { kind, pick, ...fields }] of steps.entries()) {
          const waiting = naive.lanes.flatMap(({ items }) => items);
          if (kind === "push" || kind === "again") {
            const old = (kind === "again" ? ended.pop() : undefined) ?? { ...fields, sequence };
            const item: Queued = { ...old, state: "queued" };
            queue.push(item);
            naive.push(item);
          } else if (kind === "withdraw") {
            const item = pickOf(waiting, pick);
            if (item === undefined) continue;
            item.state = "withdrawn";
            queue.withdrawn();
            naive.withdraw(item);
          } else if (kind === "correct") {
            const item = pickOf(taken, pick);
            if (item === undefined) continue;
            queue.correct(item, fields.share);
            naive.correct(item, fields.share);
          } else {
            const head = queue.peek();
            const item = kind === "backfill" ? (pickOf(queue.candidates(5), pick) ?? head) : head;
            if (item === undefined) continue;
            queue.take(item);
            naive.take(item);
            taken.push(item);
            ended.push(item);
          }
          const expected = naive.order(6);
          expect(queue.size).toBe(naive.lanes.flatMap(({ items }) => items).length);
          if (pick % 3 !== 0) expect(queue.peek()).toBe(expected[0]);
          if (pick % 3 === 1) expect([...queue.candidates(5)]).toEqual(expected.slice(1));
          if (pick % 9 === 0) expect(new Set(queue)).toEqual(new Set(naive.lanes.flatMap(({ items }) => items)));
        }
      },
    ),
    { numRuns: 150 },
  );
});
