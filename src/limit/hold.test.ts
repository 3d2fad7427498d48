import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Hold } from "./hold.ts";

/** A 429 of the attempt with that grant, without a hint, where no rate is known; `more` says what differs. */
const begin = (
  hold: Hold,
  now: number,
  grant: number,
  more: { newestGrant?: number; hintMs?: number; paced?: boolean; holdsPool?: boolean } = {},
): number | undefined => {
  const { newestGrant = grant, hintMs, paced = false, holdsPool = true } = more;
  return hold.begin({ now, grant, newestGrant, hintMs, paced, holdsPool });
};

/** The holds of seven 429s in a row, each to the first attempt after the hold before. */
const waits = (hold: Hold, paced: boolean): number[] => {
  let now = 0;
  return Array.from({ length: 8 }, (_, index) => {
    begin(hold, now, index + 1, { paced });
    const waitMs = hold.until - now;
    now = hold.until + 1;
    return waitMs;
  });
};

describe("Hold", () => {
  it("lasts as long as the provider says", () => {
    const hold = new Hold();
    begin(hold, 1000, 1, { hintMs: 7500 });
    expect(hold.until).toBe(8500);
  });

  it('does not believe "0 seconds" a third time, and waits longer each time until something succeeds', () => {
    const hold = new Hold();
    const zeros = (from: number): (number | undefined)[] =>
      Array.from({ length: 8 }, (_, index) => begin(hold, from + index * 60_000, from + index, { hintMs: 0 }));
    expect(zeros(1)).toEqual([0, 0, 1000, 2000, 4000, 8000, 16_000, 20_000]);
    hold.passed(9, true);
    expect(zeros(10).slice(0, 3)).toEqual([0, 0, 1000]);
  });

  it("takes a hint of a second or more at its word, however often it comes", () => {
    const hold = new Hold();
    const hints = Array.from({ length: 9 }, (_, index) => begin(hold, index * 60_000, index + 1, { hintMs: 1000 }));
    expect(new Set(hints)).toEqual(new Set([1000]));
  });

  it("tells a single rate how long to wait, and leaves the pool alone", () => {
    const hold = new Hold();
    const mine = { paced: true, holdsPool: false };
    expect([1, 2, 3].map((grant) => begin(hold, grant, grant, { hintMs: 0, ...mine }))).toEqual([0, 0, 250]);
    expect(begin(hold, 4, 4, { hintMs: 7000, ...mine })).toBe(7000);
    expect([hold.until, hold.allows]).toEqual([-Infinity, true]);
  });

  it("has no wait for the rest of a burst that names no time", () => {
    const hold = new Hold();
    expect([1, 2, 3].map((grant) => begin(hold, 0, grant, { newestGrant: 3 }))).toEqual([1000, undefined, undefined]);
  });

  it("doubles from 1 s to 20 s when the provider does not say, until something succeeds", () => {
    const hold = new Hold();
    expect(waits(hold, false)).toEqual([1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000]);
    hold.passed(9, true);
    begin(hold, 1_000_000, 10);
    expect(hold.until).toBe(1_001_000);
  });

  it("begins with a quarter of that where a rate has slowed down by itself", () => {
    expect(waits(new Hold(), true)).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 20_000]);
  });

  it("takes the 429s of one burst as one step, however late they come", () => {
    const hold = new Hold();
    for (let grant = 1; grant <= 50; grant++) begin(hold, 1000 + grant * 10, grant, { newestGrant: 50 });
    expect(hold.until).toBe(2010);
    begin(hold, 2500, 51);
    expect(hold.until).toBe(4500);
  });

  it("is lengthened, never shortened, by what the others of the burst were told", () => {
    const hold = new Hold();
    begin(hold, 1000, 1, { newestGrant: 3, hintMs: 5000 });
    begin(hold, 1100, 2, { newestGrant: 3, hintMs: 8000 });
    begin(hold, 1200, 3, { newestGrant: 3, hintMs: 100 });
    expect(hold.until).toBe(9100);
  });

  it("lets one start after it, then twice as many with each round that succeeds, and all in the end", () => {
    const hold = new Hold();
    begin(hold, 0, 1, { hintMs: 1000 });
    let grant = 1;
    const rounds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(() => {
      let started = 0;
      for (; hold.allows && started < 5000; started++) hold.started();
      for (let one = 0; one < started; one++) hold.passed(++grant, true);
      return started;
    });
    expect(rounds).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 5000]);
  });

  it("makes no ramp where a rate spaces the starts", () => {
    const hold = new Hold();
    begin(hold, 0, 1, { paced: true });
    for (let start = 0; start < 1000; start++) hold.started();
    expect(hold.allows).toBe(true);
  });

  it("does not begin anew because of a 429 from before", () => {
    const hold = new Hold();
    begin(hold, 1000, 1, { newestGrant: 20 });
    hold.started();
    hold.passed(21, true);
    begin(hold, 2500, 10, { hintMs: 100 });
    hold.started();
    expect(hold.allows).toBe(true);
  });

  it("takes no success from before the 429 as a sign of room", () => {
    const hold = new Hold();
    begin(hold, 1000, 5, { newestGrant: 20, hintMs: 500 });
    for (let grant = 6; grant <= 20; grant++) hold.passed(grant, true);
    hold.started();
    expect(hold.allows).toBe(false);
  });

  it("parks for as long as a quota is used up, whatever older attempts say, and then tries one", () => {
    const hold = new Hold();
    hold.park(3_600_000, 20);
    begin(hold, 1000, 10, { newestGrant: 20 });
    for (let grant = 1; grant <= 20; grant++) hold.passed(grant, true);
    expect(hold.until).toBe(3_600_000);
    hold.started();
    expect(hold.allows).toBe(false);
    hold.passed(21, false);
    expect(hold.allows).toBe(true);
    expect([hold.isParked(3_599_999), hold.isParked(3_600_000)]).toEqual([true, false]);
  });

  it("never comes to a stop: with nothing in flight, another may start", () => {
    const endings = fc.constantFrom("succeeded" as const, "failed" as const, "throttled" as const);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), endings, fc.nat({ max: 9 }))), fc.boolean(), (steps, paced) => {
        const hold = new Hold();
        const inFlight: number[] = [];
        let grants = 0;
        const end = (now: number, grant: number, ending: (typeof steps)[number][1]): void => {
          if (ending === "throttled") begin(hold, now, grant, { newestGrant: grants, paced });
          else hold.passed(grant, ending === "succeeded");
        };
        for (const [now, [start, ending, which]] of steps.entries()) {
          if (start && hold.allows) {
            hold.started();
            inFlight.push(++grants);
          } else for (const grant of inFlight.splice(which % (inFlight.length + 1), 1)) end(now, grant, ending);
          if (inFlight.length === 0) expect(hold.allows).toBe(true);
        }
      }),
    );
  });
});
