import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FairQueue, type Queued } from "./fair-queue.ts";

let sequences = 0;

const item = (fields: Partial<Queued> = {}): Queued => {
  sequences += 1;
  return { tenant: "", priority: 0, sequence: sequences, size: 1, share: 0.01, state: "queued", ...fields };
};

const queueOf = (items: readonly Queued[]): FairQueue<Queued> => {
  const queue = new FairQueue<Queued>();
  for (const each of items) queue.push(each);
  return queue;
};

const takeNext = (queue: FairQueue<Queued>): Queued | undefined => {
  const head = queue.peek();
  if (head !== undefined) queue.take(head);
  return head;
};

interface Lane {
  readonly tenant: string;
  readonly priority: number;
  readonly weight: number;
  service: number;
}

const lanesOf = (priorities: readonly number[]): Lane[] =>
  priorities.map((priority, index) => ({ tenant: `${index}`, priority, weight: 4 ** priority, service: 0 }));

const spread = (lanes: readonly Lane[]): number => {
  const normal = lanes.map(({ service, weight }) => service / weight);
  return Math.max(...normal) - Math.min(...normal);
};

describe("weighted service", () => {
  const priorities = fc.array(fc.integer({ min: -1, max: 3 }), { minLength: 2, maxLength: 6 });
  const costs = fc.infiniteStream(fc.double({ min: 0.001, max: 1, noNaN: true }));

  it("of flows that always wait differs by no more than two of the largest calls, corrections included", () => {
    fc.assert(
      fc.property(priorities, costs, fc.boolean(), (chosen, cost, corrected) => {
        const lanes = lanesOf(chosen);
        const one = (lane: Lane): Queued => item({ ...lane, share: cost.next().value });
        const queue = queueOf(lanes.flatMap((lane) => [one(lane), one(lane)]));
        const bound = 2 / Math.min(...lanes.map(({ weight }) => weight));
        for (let count = 0; count < 300; count += 1) {
          const head = takeNext(queue);
          const lane = lanes[Number(head?.tenant)];
          if (head === undefined || lane === undefined) throw new Error("nothing waits");
          const used = corrected ? cost.next().value : head.share;
          queue.correct(head, used);
          lane.service += used;
          queue.push(one(lane));
          expect(spread(lanes)).toBeLessThanOrEqual(bound + 1e-9);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("comes back within the bound after corrections that came late and all at once", () => {
    fc.assert(
      fc.property(priorities, costs, (chosen, cost) => {
        const lanes = lanesOf(chosen);
        const queue = queueOf(lanes.flatMap((lane) => [item({ ...lane, share: 1 }), item({ ...lane, share: 1 })]));
        const serve = (): Queued => {
          const head = takeNext(queue);
          const lane = lanes[Number(head?.tenant)];
          if (head === undefined || lane === undefined) throw new Error("nothing waits");
          lane.service += head.share;
          queue.push(item({ ...lane, share: 1 }));
          return head;
        };
        const open = Array.from({ length: 100 }, serve);
        for (const each of open) {
          const used = cost.next().value;
          queue.correct(each, used);
          const lane = lanes[Number(each.tenant)];
          if (lane !== undefined) lane.service += used - each.share;
        }
        for (let count = 0; count < 500; count += 1) serve();
        expect(spread(lanes)).toBeLessThanOrEqual(2 / Math.min(...lanes.map(({ weight }) => weight)) + 1e-9);
      }),
      { numRuns: 60 },
    );
  });
});
