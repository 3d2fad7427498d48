import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RateControl, usedShare } from "./rate-control.ts";

const told = (perMs: number): RateControl => {
  const control = new RateControl();
  control.tell(perMs);
  return control;
};

/** Lets time pass in steps of a second. */
const heal = (control: RateControl, from: number, to: number): void => {
  for (let now = from; now <= to; now += 1000) control.advance(now);
};

describe("RateControl, with a limit that is told", () => {
  it("uses half a percent less than what is told", () => {
    const control = told(2);
    expect([control.perMs, control.learned]).toEqual([2 * usedShare, false]);
  });

  it("makes one cut of a hundredth for fifty 429s of one burst, however late they come", () => {
    const control = told(1);
    for (let grant = 1; grant <= 50; grant++) {
      const changed = control.reject({ now: grant * 400, grant, newestGrant: 50, acceptedPerMs: 1 });
      expect(changed).toBe(grant === 1);
    }
    expect(control.perMs).toBeCloseTo(usedShare * 0.99);
  });

  it("counts the 429s of one moment once, even those of younger attempts", () => {
    const control = told(1);
    control.reject({ now: 0, grant: 1, newestGrant: 1, acceptedPerMs: 1 });
    expect(control.reject({ now: 4999, grant: 2, newestGrant: 2, acceptedPerMs: 1 })).toBe(false);
    expect(control.reject({ now: 5000, grant: 2, newestGrant: 2, acceptedPerMs: 1 })).toBe(true);
  });

  it("cuts twice as deep with each further refusal within a minute, up to 16 %, and gently again after a quiet one", () => {
    const control = told(1);
    const cuts = [0, 6, 12, 18, 24, 30].map((second, index) => {
      const before = control.perMs;
      control.reject({ now: second * 1000, grant: index + 1, newestGrant: index + 1, acceptedPerMs: 1 });
      return Math.round((1 - control.perMs / before) * 100);
    });
    expect(cuts).toEqual([1, 2, 4, 8, 16, 16]);
    const before = control.perMs;
    control.reject({ now: 91_000, grant: 9, newestGrant: 9, acceptedPerMs: 1 });
    expect(control.perMs / before).toBeCloseTo(0.99);
  });

  it("goes half of the way back, then waits, then climbs by small steps to what is told and no further", () => {
    const control = told(1);
    for (const [index, second] of [0, 6, 12, 18, 24].entries()) {
      control.reject({ now: second * 1000, grant: index + 1, newestGrant: index + 1, acceptedPerMs: 1 });
    }
    const bottom = control.perMs;
    const ceiling = bottom / 0.84;
    heal(control, 25_000, 28_000);
    expect(control.perMs).toBe(bottom);
    heal(control, 29_000, 29_000);
    expect(control.perMs).toBeCloseTo((bottom + ceiling) / 2);
    heal(control, 30_000, 53_000);
    expect(control.perMs).toBeLessThan(ceiling);
    heal(control, 54_000, 54_000 + 3_600_000);
    expect(control.perMs).toBe(usedShare);
  });

  it("follows what was accepted when that is far below what is told", () => {
    const control = told(1);
    for (let index = 1; index <= 20; index++) {
      control.reject({ now: index * 6000, grant: index, newestGrant: index, acceptedPerMs: 0.3 });
    }
    expect(control.perMs).toBeLessThan(0.35);
    expect(control.learned).toBe(true);
  });

  it("forgets its cuts when something else is told, and nothing when the same is told again", () => {
    const control = told(1);
    control.reject({ now: 0, grant: 1, newestGrant: 1, acceptedPerMs: 1 });
    const cut = control.perMs;
    expect(control.tell(1)).toBe(false);
    expect(control.perMs).toBe(cut);
    expect(control.tell(3)).toBe(true);
    expect(control.perMs).toBe(3 * usedShare);
  });
});

describe("RateControl, with a limit that nobody told", () => {
  it("knows no rate before the first 429, and then begins at 0.8 of what was accepted", () => {
    const control = new RateControl();
    heal(control, 0, 100_000);
    expect(control.perMs).toBe(Infinity);
    control.reject({ now: 100_000, grant: 9, newestGrant: 9, acceptedPerMs: 0.5 });
    expect([control.perMs, control.learned]).toEqual([0.4, true]);
  });

  it("closes half of the gap to where it was cut, then searches upwards in steps of one percent", () => {
    const control = new RateControl();
    control.reject({ now: 0, grant: 1, newestGrant: 1, acceptedPerMs: 1 });
    control.advance(4999);
    expect(control.perMs).toBe(0.8);
    control.advance(5000);
    expect(control.perMs).toBeCloseTo(0.9);
    control.advance(10_000);
    expect(control.perMs).toBeCloseTo(0.95);
    control.advance(15_000);
    const near = control.perMs;
    control.advance(20_000);
    expect(control.perMs / near).toBeCloseTo(1.01);
    control.reject({ now: 20_001, grant: 2, newestGrant: 2, acceptedPerMs: 0.9 });
    expect(control.perMs).toBeCloseTo(near * 1.01 * 0.93);
  });

  it("never falls below one in a minute, and grows again from there", () => {
    const control = new RateControl();
    control.reject({ now: 0, grant: 1, newestGrant: 1, acceptedPerMs: 0 });
    expect(control.perMs).toBeCloseTo(1 / 60_000);
    heal(control, 1000, 600_000);
    expect(control.perMs).toBeGreaterThan(1.5 / 60_000);
  });

  it("goes on from an earlier run below what that had learned, unless somebody tells the limit", () => {
    const control = new RateControl();
    control.resume(1);
    expect(control.perMs).toBe(0.8);
    heal(control, 0, 60_000);
    expect(control.perMs).toBeGreaterThan(0.95);
    const known = told(2);
    known.resume(1);
    expect(known.perMs).toBe(2 * usedShare);
  });

  it("takes bold steps back when a minute has gone well and it is far below what it once was", () => {
    const control = new RateControl();
    control.reject({ now: 0, grant: 1, newestGrant: 1, acceptedPerMs: 1 });
    for (let grant = 2; grant <= 12; grant++) {
      control.rejected(grant * 6000);
      control.reject({ now: grant * 6000, grant, newestGrant: grant, acceptedPerMs: 0.01 });
    }
    expect(control.perMs).toBeLessThan(0.1);
    heal(control, 73_000, 72_000 + 59_000);
    expect(control.perMs).toBeLessThan(0.2);
    heal(control, 132_000, 72_000 + 300_000);
    expect(control.perMs).toBeGreaterThan(0.7);
    expect(control.perMs).toBeLessThan(1.5);
  });

  it("does not grow while 429s come that cut nothing", () => {
    const control = new RateControl();
    control.reject({ now: 0, grant: 1, newestGrant: 50, acceptedPerMs: 1 });
    const cut = control.perMs;
    for (let now = 1000; now <= 20_000; now += 1000) {
      control.rejected(now);
      control.advance(now);
    }
    expect(control.perMs).toBe(cut);
    control.advance(23_000);
    expect(control.perMs).toBeGreaterThan(cut);
  });

  it("finds a rate from both sides, with few refusals", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 100, noNaN: true }), (capacity) => {
        const control = new RateControl();
        control.reject({ now: 0, grant: 1, newestGrant: 1, acceptedPerMs: capacity });
        let sum = 0;
        for (let now = 1000, grant = 2; now <= 1_200_000; now += 1000, grant++) {
          control.advance(now);
          sum += Math.min(capacity, control.perMs);
          if (control.perMs <= capacity) continue;
          control.reject({ now, grant, newestGrant: grant, acceptedPerMs: capacity });
        }
        expect(sum / 1200 / capacity).toBeGreaterThan(0.95);
      }),
      { numRuns: 30 },
    );
  });
});
