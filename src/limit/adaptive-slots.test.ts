import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AdaptiveSlots } from "./adaptive-slots.ts";
import type { Lesson } from "./dimension.ts";

/** Starts as many as fit at `at` and ends them a millisecond later, `throttled` of them with a 429. */
const round = (slots: AdaptiveSlots, at: number, throttled = 0): number => {
  let started = 0;
  for (; slots.waitMs(at, 1) === 0; started++) slots.take(at, 1);
  for (let ended = 0; ended < started; ended++) {
    slots.settle(at + 1, at, 1, 0);
    slots.learn(at, ended < throttled ? "crowded" : "succeeded");
  }
  return started;
};

describe("AdaptiveSlots", () => {
  it("doubles with each clean round until the first 429", () => {
    const slots = new AdaptiveSlots();
    expect([0, 10, 20, 30].map((at) => round(slots, at))).toEqual([16, 32, 64, 128]);
  });

  it("makes one cut for all the 429s of one burst", () => {
    const slots = new AdaptiveSlots({ start: 100 });
    round(slots, 0, 50);
    expect(slots.largest).toBe(90);
    expect(round(slots, 10)).toBe(90);
  });

  it("returns half of the way to where it was cut, and then creeps", () => {
    const slots = new AdaptiveSlots({ start: 100 });
    round(slots, 0, 1);
    round(slots, 10);
    expect(slots.largest).toBe(95);
    round(slots, 20);
    expect(slots.largest).toBe(96);
    for (let at = 30; at < 80; at += 10) round(slots, at);
    expect(slots.largest).toBeGreaterThan(100);
    expect(slots.largest).toBeLessThan(115);
  });

  it("does not grow when it was not used, or when something failed", () => {
    const slots = new AdaptiveSlots();
    for (let at = 0; at < 100; at++) {
      slots.take(at, 1);
      slots.settle(at, at, 1, 0);
      slots.learn(at, "succeeded");
    }
    expect(slots.largest).toBe(16);
    const failing = new AdaptiveSlots({ start: 4 });
    for (let at = 0; at < 100; at++) {
      for (let one = 0; one < 4; one++) failing.take(at, 1);
      for (let one = 0; one < 4; one++) failing.settle(at, at, 1, 0);
      for (const lesson of ["succeeded", "succeeded", "succeeded", "failed"] as const) failing.learn(at, lesson);
    }
    expect(failing.largest).toBe(4);
  });

  it("stays within its bounds, counts exactly, and always lets one start when nothing is in flight", () => {
    const lessons = fc.constantFrom<Lesson | undefined>("succeeded", "succeeded", "crowded", "failed", undefined);
    const bounds = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 50 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), lessons)), bounds, (steps, [min, range]) => {
        const slots = new AdaptiveSlots({ start: 16, min, max: min + range });
        const inFlight: number[] = [];
        for (const [at, [start, lesson]] of steps.entries()) {
          if (start && slots.waitMs(at, 1) === 0) {
            slots.take(at, 1);
            inFlight.push(at);
          } else if (inFlight.length > 0) {
            const takenAt = inFlight.shift() ?? 0;
            slots.settle(at, takenAt, 1, 0);
            if (lesson !== undefined) slots.learn(takenAt, lesson);
          }
          expect(slots.used()).toBe(inFlight.length);
          expect(slots.largest).toBeGreaterThanOrEqual(min);
          expect(slots.largest).toBeLessThanOrEqual(min + range);
          if (inFlight.length === 0) expect(slots.waitMs(at, 1)).toBe(0);
        }
      }),
    );
  });
});
