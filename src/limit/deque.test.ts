import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Deque } from "./deque.ts";

const step = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: "push", at: 0 }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("insert", "remove"), at: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.constant({ kind: "remove", at: 0 }) },
  fc.record({ kind: fc.constant("filter"), at: fc.integer({ min: 1, max: 3 }) }),
);

describe("Deque", () => {
  it("holds what an array would hold, however it is pushed to, inserted into, emptied and filtered", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 100, maxLength: 200 }), (steps) => {
        const deque = new Deque<number>();
        let model: number[] = [];
        for (const [value, { kind, at }] of steps.entries()) {
          const index = Math.min(at, Math.max(0, model.length - (kind === "remove" ? 1 : 0)));
          if (kind === "push") {
            deque.push(value);
            model.push(value);
          } else if (kind === "insert") {
            deque.insert(index, value);
            model.splice(index, 0, value);
          } else if (kind === "remove" && model.length > 0) {
            deque.remove(index);
            model.splice(index, 1);
          } else if (kind === "filter") {
            deque.filter((each) => each % at === 0);
            model = model.filter((each) => each % at === 0);
          }
          expect([...deque]).toEqual(model);
          expect([deque.length, deque.at(0), deque.at(model.length), deque.last]).toEqual([
            model.length,
            model[0],
            undefined,
            model.at(-1),
          ]);
        }
      }),
      { numRuns: 50 },
    );
  });
});
