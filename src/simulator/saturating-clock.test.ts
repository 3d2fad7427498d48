import { describe, expect, it } from "vitest";
import { VirtualClock } from "../time/virtual-clock.ts";
import { SaturatingClock } from "./saturating-clock.ts";

/** Serves as many calls at once as told, each of a second's work, one after the other for a minute. */
const served = (atOnce: number, knee: number): number => {
  const clock = new VirtualClock();
  const service = new SaturatingClock(clock, knee);
  let done = 0;
  const serve = (): void => {
    service.enter();
    service.schedule(service.now() + 1000, () => {
      service.leave();
      done++;
      serve();
    });
  };
  for (let call = 0; call < atOnce; call++) serve();
  while (clock.step(60_000));
  return done;
};

describe("SaturatingClock", () => {
  it("serves more in proportion up to the knee, and no more beyond it", () => {
    expect([1, 5, 10].map((atOnce) => served(atOnce, 10))).toEqual([60, 300, 600]);
    for (const atOnce of [11, 20, 50, 100]) {
      expect(served(atOnce, 10)).toBeGreaterThan(600 - atOnce);
      expect(served(atOnce, 10)).toBeLessThanOrEqual(600);
    }
  });

  it("slows a call that runs already while others come, and makes up for nothing when they go", () => {
    const clock = new VirtualClock();
    const service = new SaturatingClock(clock, 1);
    const ends: number[] = [];
    service.enter();
    service.schedule(1000, () => ends.push(clock.now()));
    while (clock.step(500));
    clock.schedule(500, () => service.enter());
    clock.schedule(900, () => service.leave());
    while (clock.step(Infinity));
    expect(ends).toEqual([1200]);
  });

  it("leaves no timer behind when everything is cancelled", () => {
    const clock = new VirtualClock();
    const service = new SaturatingClock(clock, 2);
    const timers = [300, 100, 200].map((at) => service.schedule(at, () => expect.fail()));
    for (const timer of timers) timer[Symbol.dispose]();
    expect(clock.armed).toBe(0);
  });
});
