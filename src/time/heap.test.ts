import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Heap } from "./heap.ts";

const ascending = (a: number, b: number): boolean => a < b;

const drained = <T>(heap: Heap<T>): T[] => {
  const items: T[] = [];
  for (let item = heap.pop(); item !== undefined; item = heap.pop()) items.push(item);
  return items;
};

describe("Heap", () => {
  it("gives back whatever was pushed, in order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (numbers) => {
        const heap = new Heap(ascending);
        for (const number of numbers) heap.push(number);
        expect(heap.size).toBe(numbers.length);
        expect(heap.peek()).toBe(numbers.toSorted((a, b) => a - b)[0]);
        expect(drained(heap)).toEqual(numbers.toSorted((a, b) => a - b));
      }),
    );
  });

  it("always has the first item at the top, however pushes and pops are mixed", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer())), (steps) => {
        const heap = new Heap(ascending);
        let model: number[] = [];
        for (const step of steps) {
          if (step === null) expect(heap.pop()).toBe(model.shift());
          else {
            heap.push(step);
            model = [...model, step].toSorted((a, b) => a - b);
          }
          expect(heap.peek()).toBe(model[0]);
        }
      }),
    );
  });

  it("keeps its order when items are filtered out", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 5 }), (numbers, divisor) => {
        const heap = new Heap(ascending);
        for (const number of numbers) heap.push(number);
        const keep = (number: number): boolean => number % divisor === 0;
        heap.filter(keep);
        expect(drained(heap)).toEqual(numbers.filter(keep).toSorted((a, b) => a - b));
      }),
    );
  });

  it("tells where each item stands, so that one which changes can be put in its place", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.array(fc.tuple(fc.nat(50), fc.integer())), (keys, changes) => {
        const items = keys.map((key) => ({ key, place: -1 }));
        const heap = new Heap<{ key: number; place: number }>(
          (a, b) => a.key < b.key,
          (item, place) => (item.place = place),
        );
        for (const item of items) heap.push(item);
        for (const [pick, key] of changes) {
          const item = items[pick % Math.max(1, items.length)];
          if (item === undefined) continue;
          item.key = key;
          heap.moved(item.place);
          expect([...heap].map(({ place }) => place)).toEqual(items.map((_, index) => index));
        }
        heap.filter((item) => item.key % 2 === 0);
        const even = items.filter((item) => item.key % 2 === 0).map((item) => item.key);
        expect(drained(heap).map((item) => item.key)).toEqual(even.toSorted((a, b) => a - b));
        expect(items.every(({ place }) => place === -1)).toBe(true);
      }),
    );
  });

  it("has nothing to give when it is empty", () => {
    const heap = new Heap(ascending);
    expect([heap.peek(), heap.pop(), heap.size]).toEqual([undefined, undefined, 0]);
  });
});
