import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FairQueue, type Queued } from "./fair-queue.ts";

interface Item extends Queued {
  readonly name: string;
}

let sequences = 0;

const item = (fields: Partial<Item> = {}): Item => {
  sequences += 1;
  return { name: "", tenant: "", priority: 0, sequence: sequences, size: 1, share: 0.01, state: "queued", ...fields };
};

const queueOf = (items: readonly Item[], order?: "fifo" | "longest-first"): FairQueue<Item> => {
  const queue = new FairQueue<Item>(order);
  for (const each of items) queue.push(each);
  return queue;
};

const takeNext = (queue: FairQueue<Item>): Item | undefined => {
  const head = queue.peek();
  if (head !== undefined) queue.take(head);
  return head;
};

const takeAll = (queue: FairQueue<Item>): Item[] => {
  const taken: Item[] = [];
  for (let head = takeNext(queue); head !== undefined; head = takeNext(queue)) taken.push(head);
  return taken;
};

const withdraw = (queue: FairQueue<Item>, each: Item): void => {
  each.state = "withdrawn";
  queue.withdrawn();
};

describe("inside a flow", () => {
  it("goes by sequence, whatever the order of arrival and whoever withdraws", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(500)), fc.infiniteStream(fc.boolean()), (sequence, withdrawn) => {
        const items = sequence.map((each) => item({ sequence: each }));
        const queue = queueOf(items);
        for (const each of items) if (withdrawn.next().value) withdraw(queue, each);
        const left = items.filter(({ state }) => state === "queued").map((each) => each.sequence);
        expect(queue.size).toBe(left.length);
        expect(takeAll(queue).map((each) => each.sequence)).toEqual(left.toSorted((a, b) => a - b));
        expect([queue.size, queue.peek()]).toEqual([0, undefined]);
      }),
    );
  });

  it("lets what comes again go before what is younger", () => {
    const items = [1, 2, 3, 4].map((sequence) => item({ sequence }));
    const queue = queueOf(items);
    const first = takeNext(queue);
    takeNext(queue);
    queue.push(item({ sequence: first?.sequence ?? 0, name: "again" }));
    expect(takeAll(queue).map(({ name, sequence }) => name || sequence)).toEqual(["again", 3, 4]);
  });

  it("goes by size and then by sequence when the longest is to go first", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5)), fc.array(fc.nat(5)), (sizes, later) => {
        const items = sizes.map((size) => item({ size }));
        const queue = queueOf(items, "longest-first");
        const half = sizes
          .slice(1)
          .map(() => takeNext(queue))
          .slice(0, sizes.length >> 1);
        expect(half).toEqual(items.toSorted((a, b) => b.size - a.size).slice(0, half.length));
        for (const size of later) queue.push(item({ size }));
        const left = [...queue];
        const inOrder = left.toSorted((a, b) => b.size - a.size || a.sequence - b.sequence);
        expect(takeAll(queue)).toEqual(inOrder);
      }),
    );
  });
});

describe("between flows", () => {
  it("serves priorities 2, 1 and 0 like 16 to 4 to 1", () => {
    const queue = queueOf(Array.from({ length: 3000 }, (_, index) => item({ priority: index % 3 })));
    const served = [0, 0, 0];
    for (let count = 0; count < 210; count += 1) {
      const priority = takeNext(queue)?.priority ?? 0;
      served[priority] = (served[priority] ?? 0) + 1;
    }
    expect(served).toEqual([10, 40, 160]);
  });

  it("serves tenants of one priority alike, however many calls one of them has brought", () => {
    const many = Array.from({ length: 100 }, () => item({ tenant: "many" }));
    const few = Array.from({ length: 5 }, () => item({ tenant: "few" }));
    const order = takeAll(queueOf([...many, ...few])).map(({ tenant }) => tenant);
    expect(order.slice(0, 10).filter((tenant) => tenant === "few")).toHaveLength(5);
  });

  it("lets nobody starve, neither beside a weight of 64 nor beside calls that cost nothing", () => {
    for (const share of [0.01, 0]) {
      const low = item({ priority: 0, share: 0.01 });
      const queue = queueOf([item({ priority: 0, share }), low, item({ priority: 3, share })]);
      let waited = 0;
      for (let head = takeNext(queue); head !== low; head = takeNext(queue)) {
        if (head?.priority === 3) queue.push(item({ priority: 3, share }));
        waited += 1;
      }
      expect(waited).toBeLessThanOrEqual(66);
    }
  });

  it("lets nobody starve though its tags have become too large to show what little a call costs", () => {
    const queue = queueOf([item({ priority: -9, share: 1e9 }), item({ priority: -9 })]);
    takeNext(queue);
    takeNext(queue);
    const low = [item({ priority: -9 }), item({ priority: -9 })];
    for (const each of low) queue.push(each);
    queue.push(item({ priority: 9, share: 0 }));
    let seen = 0;
    for (let count = 0; count < 100_000 && seen < 2; count += 1) {
      const head = takeNext(queue);
      if (head?.priority === 9) queue.push(item({ priority: 9, share: 0 }));
      else seen += 1;
    }
    expect(seen).toBeGreaterThan(0);
  });

  it("gives no credit for time in which a flow had nothing to do", () => {
    const queue = queueOf(Array.from({ length: 300 }, () => item({ tenant: "busy" })));
    queue.push(item({ tenant: "idle" }));
    for (let count = 0; count < 101; count += 1) takeNext(queue);
    for (let count = 0; count < 100; count += 1) queue.push(item({ tenant: "idle" }));
    const next = Array.from({ length: 20 }, () => takeNext(queue)?.tenant);
    expect(next.filter((tenant) => tenant === "idle").length).toBeLessThanOrEqual(11);
  });

  it("gives no credit for what is given back of a time before a flow was idle", () => {
    const spent = item({ tenant: "idle", share: 1 });
    const queue = queueOf([spent]);
    takeNext(queue);
    for (let count = 0; count < 300; count += 1) queue.push(item({ tenant: "busy" }));
    for (let count = 0; count < 150; count += 1) takeNext(queue);
    for (let count = 0; count < 300; count += 1) queue.push(item({ tenant: "idle" }));
    queue.correct(spent, 0);
    const next = Array.from({ length: 100 }, () => takeNext(queue)?.tenant);
    expect(next.filter((tenant) => tenant === "idle").length).toBeLessThanOrEqual(51);
  });

  it("keeps serving when a share or a priority is not a number", () => {
    const queue = queueOf([item({ share: NaN }), item({ priority: NaN }), item({ share: Infinity }), item()]);
    const head = takeNext(queue);
    if (head !== undefined) queue.correct(head, NaN);
    expect(takeAll(queue)).toHaveLength(3);
  });
});

describe("what is held", () => {
  it("stays in order when most of what waited has withdrawn", () => {
    const items = Array.from({ length: 2000 }, (_, index) => item({ tenant: `${index % 7}` }));
    const queue = queueOf(items);
    const kept = items.filter((_, index) => index % 50 === 0);
    for (const each of items) if (!kept.includes(each)) withdraw(queue, each);
    expect(queue.size).toBe(kept.length);
    expect(new Set(queue)).toEqual(new Set(kept));
    expect(new Set(takeAll(queue))).toEqual(new Set(kept));
  });

  it("withdraws everything when it is drained, and goes on afterwards", () => {
    const items = [item({ tenant: "a" }), item({ tenant: "b" }), item({ tenant: "b" })];
    const queue = queueOf(items);
    expect(new Set(queue.drain())).toEqual(new Set(items));
    expect([queue.size, queue.peek(), items[0]?.state]).toEqual([0, undefined, "withdrawn"]);
    const next = item({ tenant: "b" });
    queue.push(next);
    expect(takeAll(queue)).toEqual([next]);
  });

  it("forgets flows that have nothing to do, but not what the last of them owe", () => {
    const queue = new FairQueue<Item>("fifo", 4);
    for (let count = 0; count < 500; count += 1) {
      queue.push(item({ tenant: `${count}` }));
      takeNext(queue);
    }
    const debtor = item({ tenant: "debtor" });
    queue.push(debtor);
    takeNext(queue);
    queue.correct(debtor, 1);
    for (let count = 500; count < 520; count += 1) queue.push(item({ tenant: `${count}` }));
    queue.push(item({ tenant: "debtor" }));
    expect(takeAll(queue).at(-1)?.tenant).toBe("debtor");
  });
});
