import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AdaptiveSlots, type AdaptiveSlotsOptions } from "./adaptive-slots.ts";
import type { Lesson } from "./dimension.ts";

/** Slots with the numbers of their grants. */
class World {
  readonly slots: AdaptiveSlots;
  grants = 0;

  constructor(options?: AdaptiveSlotsOptions) {
    this.slots = new AdaptiveSlots(options);
  }

  start(at: number): number | undefined {
    if (this.slots.waitMs(at, 1) > 0) return undefined;
    this.slots.take(at, 1);
    return ++this.grants;
  }

  end(now: number, grant: number, lesson: Lesson | undefined, output = 0, paced = true): void {
    this.slots.settle(now, now, 1, 0);
    if (lesson !== undefined) this.slots.learn({ now, grant, newestGrant: this.grants, lesson, output, paced });
  }

  /** Starts as many as fit at `at` and ends them a millisecond later, `crowded` of them with a 429. */
  round(at: number, crowded = 0): number {
    const started: number[] = [];
    for (let grant = this.start(at); grant !== undefined; grant = this.start(at)) started.push(grant);
    for (const [index, grant] of started.entries()) this.end(at + 1, grant, index < crowded ? "crowded" : "succeeded");
    return started.length;
  }
}

/** Ten minutes of endless demand on a server that produces `capacity` tokens a millisecond, shared by all that is in flight. */
const saturating = (capacity: number, perCallPerMs: number): AdaptiveSlots => {
  const world = new World();
  const running = new Map<number, number>();
  const answer = 200;
  for (let now = 0; now < 600_000; now += 20) {
    const each = Math.min(perCallPerMs, capacity / Math.max(1, running.size)) * 20;
    for (const [grant, left] of running) {
      if (left > each) running.set(grant, left - each);
      else {
        running.delete(grant);
        world.end(now, grant, "succeeded", answer, false);
      }
    }
    // Answers of one length would end all together, and begin all together again.
    for (let grant = world.start(now); grant !== undefined; grant = world.start(now)) {
      running.set(grant, answer * (0.5 + ((grant * 7919) % 1000) / 1000));
    }
  }
  return world.slots;
};

describe("AdaptiveSlots", () => {
  it("takes one bold step and then doubles with each clean round, while a rate keeps starts apart", () => {
    const world = new World();
    expect([0, 10, 20, 30].map((at) => world.round(at))).toEqual([16, 64, 128, 256]);
    expect(world.slots.found).toBe(false);
  });

  it("goes near what was taken in when the first burst is refused in part", () => {
    const world = new World({ start: 100 });
    world.round(0, 50);
    expect(world.slots.found).toBe(true);
    expect(world.slots.largest).toBeGreaterThanOrEqual(45);
    expect(world.slots.largest).toBeLessThanOrEqual(55);
  });

  it("makes one cut for all the 429s of a later burst, however late they come", () => {
    const world = new World({ start: 100 });
    world.round(0, 1);
    for (let at = 10; at < 80; at += 10) world.round(at);
    const before = world.slots.largest;
    world.round(100, 50);
    expect(world.slots.largest / before).toBeGreaterThan(0.88);
    const cut = world.slots.largest;
    for (let grant = 1; grant <= world.grants; grant++)
      world.slots.learn({ now: 90_000, grant, newestGrant: world.grants, lesson: "crowded", output: 0, paced: true });
    expect(world.slots.largest).toBe(cut);
  });

  it("returns half of the way to where it was cut, and then creeps", () => {
    const world = new World({ start: 100 });
    world.round(0, 1);
    world.round(10);
    expect(world.slots.largest).toBe(95);
    world.round(20);
    expect(world.slots.largest).toBeLessThanOrEqual(98);
    for (let at = 30; at < 80; at += 10) world.round(at);
    expect(world.slots.largest).toBeGreaterThan(100);
    expect(world.slots.largest).toBeLessThan(115);
  });

  it("does not grow when it was not used, when something failed, or when a rate was to blame", () => {
    const idle = new World();
    for (let at = 0; at < 100; at++) idle.end(at, idle.start(at) ?? 0, "succeeded");
    expect(idle.slots.largest).toBe(16);
    const failing = new World({ start: 4 });
    for (let at = 0; at < 100; at++) {
      const grants = [0, 1, 2, 3].map(() => failing.start(at) ?? 0);
      for (const [index, grant] of grants.entries()) failing.end(at, grant, index === 3 ? "failed" : "succeeded");
    }
    expect(failing.slots.largest).toBe(4);
    const throttled = new World({ start: 4 });
    for (let at = 0; at < 100; at++) throttled.end(at, throttled.start(at) ?? 0, "throttled");
    expect([throttled.slots.largest, throttled.slots.found]).toEqual([4, false]);
  });

  it("stops near the knee of a server that never refuses, whose best is 64 calls at once", () => {
    const slots = saturating(6.4, 0.1);
    expect(slots.found).toBe(true);
    expect(slots.largest).toBeGreaterThanOrEqual(56);
    expect(slots.largest).toBeLessThanOrEqual(256);
  });

  it("goes to its bound on a server that has room for all of it", () => {
    expect(saturating(1e9, 0.1).largest).toBe(1024);
  });

  it("stays within its bounds, counts exactly, and always lets one start when nothing is in flight", () => {
    const lessons = fc.constantFrom<Lesson | undefined>(
      "succeeded",
      "succeeded",
      "crowded",
      "failed",
      "throttled",
      undefined,
    );
    const bounds = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 50 }));
    const steps = fc.array(fc.tuple(fc.boolean(), lessons, fc.nat({ max: 500 }), fc.boolean()), {
      maxLength: 400,
      size: "max",
    });
    fc.assert(
      fc.property(steps, bounds, (trace, [min, range]) => {
        const world = new World({ start: 16, min, max: min + range });
        const inFlight: number[] = [];
        for (const [at, [starts, lesson, output, paced]] of trace.entries()) {
          const grant = starts ? world.start(at) : undefined;
          if (grant !== undefined) inFlight.push(grant);
          else if (inFlight.length > 0) world.end(at, inFlight.shift() ?? 0, lesson, output, paced);
          expect(world.slots.used()).toBe(inFlight.length);
          expect(world.slots.largest).toBeGreaterThanOrEqual(min);
          expect(world.slots.largest).toBeLessThanOrEqual(min + range);
          if (inFlight.length === 0) expect(world.slots.waitMs(at, 1)).toBe(0);
        }
      }),
    );
  });
});
