import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Hold } from "./hold.ts";

describe("Hold", () => {
  it("lasts as long as the provider says", () => {
    const hold = new Hold();
    hold.begin(1000, 0, 7500, false);
    expect(hold.until).toBe(8500);
  });

  it("doubles from 1 s to 20 s when the provider does not say, until something succeeds", () => {
    const hold = new Hold();
    let now = 0;
    const waits = Array.from({ length: 7 }, () => {
      hold.begin(now, now, undefined, false);
      const waitMs = hold.until - now;
      now = hold.until + 1;
      return waitMs;
    });
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]);
    hold.passed(now, true);
    hold.begin(now, now, undefined, false);
    expect(hold.until - now).toBe(1000);
  });

  it("takes the 429s of one burst as one step, however late they come", () => {
    const hold = new Hold();
    for (let late = 0; late < 50; late++) hold.begin(1000 + late * 10, 0, undefined, true);
    expect(hold.until).toBe(2000);
    hold.begin(2500, 2100, undefined, true);
    expect(hold.until).toBe(4500);
  });

  it("is lengthened, never shortened, by what the others of the burst were told", () => {
    const hold = new Hold();
    hold.begin(1000, 0, 5000, false);
    hold.begin(1100, 0, 8000, false);
    hold.begin(1200, 0, 100, false);
    expect(hold.until).toBe(9100);
  });

  it("lets one start after it, then twice as many with each round that succeeds", () => {
    const hold = new Hold();
    hold.begin(0, 0, 1000, true);
    const rounds = [1, 2, 4, 8].map((at) => {
      let started = 0;
      for (; hold.allows; started++) hold.started();
      for (let one = 0; one < started; one++) hold.passed(at * 1000, true);
      return started;
    });
    expect(rounds).toEqual([1, 2, 4, 8]);
  });

  it("does not begin anew because of a 429 from before", () => {
    const hold = new Hold();
    hold.begin(1000, 0, undefined, true);
    hold.started();
    hold.passed(2000, true);
    hold.begin(2500, 10, 100, true);
    hold.started();
    expect(hold.allows).toBe(true);
  });

  it("takes no success from before the 429 as a sign of room", () => {
    const hold = new Hold();
    hold.begin(1000, 900, 500, true);
    for (let one = 0; one < 10; one++) hold.passed(950, true);
    hold.started();
    expect(hold.allows).toBe(false);
  });

  it("never comes to a stop: with nothing in flight, another may start", () => {
    const endings = fc.constantFrom("succeeded" as const, "failed" as const, "throttled" as const);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), endings, fc.nat({ max: 9 }))), (steps) => {
        const hold = new Hold();
        const inFlight: number[] = [];
        const end = (now: number, grantedAt: number, ending: (typeof steps)[number][1]): void => {
          if (ending === "throttled") hold.begin(now, grantedAt, undefined, true);
          else hold.passed(grantedAt, ending === "succeeded");
        };
        for (const [now, [start, ending, which]] of steps.entries()) {
          if (start && hold.allows) {
            hold.started();
            inFlight.push(now);
          } else for (const grantedAt of inFlight.splice(which % (inFlight.length + 1), 1)) end(now, grantedAt, ending);
          if (inFlight.length === 0) expect(hold.allows).toBe(true);
        }
      }),
    );
  });
});
