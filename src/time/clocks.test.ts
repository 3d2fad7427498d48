import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { systemClock } from "./system-clock.ts";
import { sleep } from "./sleep.ts";
import { VirtualClock } from "./virtual-clock.ts";

const forever = (): AbortSignal => new AbortController().signal;

describe("systemClock", () => {
  it("fires once, not before its time", async () => {
    const at = systemClock.now() + 3;
    const firedAt = await new Promise<number>((resolve) => {
      systemClock.schedule(at, () => resolve(systemClock.now()));
    });
    expect(firedAt).toBeGreaterThanOrEqual(at);
  });

  it("does not fire when the timer was disposed", async () => {
    let fired = false;
    const timer = systemClock.schedule(systemClock.now() + 1, () => (fired = true));
    timer[Symbol.dispose]();
    timer[Symbol.dispose]();
    await sleep(systemClock, 5, forever());
    expect(fired).toBe(false);
  });

  it("fires soon for a time that has passed, and can be disposed afterwards", async () => {
    await new Promise<void>((resolve) => {
      const timer = systemClock.schedule(-1, () => {
        timer[Symbol.dispose]();
        resolve();
      });
    });
  });

  it("waits, and does not fire at once, for a time that is further away than a timer can count", async () => {
    let fired = false;
    const timer = systemClock.schedule(systemClock.now() + 2 ** 40, () => (fired = true));
    await sleep(systemClock, 5, forever());
    timer[Symbol.dispose]();
    expect(fired).toBe(false);
  });

  it("tells the time of day", () => {
    expect(Math.abs(systemClock.wallNow() - Date.now())).toBeLessThan(1000);
  });
});

describe("VirtualClock", () => {
  it("fires timers in the order of their times, and of their arming at one time", async () => {
    const times = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(times, async (ats) => {
        const clock = new VirtualClock();
        const fired: { readonly at: number; readonly index: number }[] = [];
        for (const [index, at] of ats.entries()) clock.schedule(at, () => fired.push({ at: clock.now(), index }));
        await clock.advance(20);
        const wanted = ats.map((at, index) => ({ at, index })).toSorted((a, b) => a.at - b.at || a.index - b.index);
        expect(fired).toEqual(wanted);
      }),
    );
  });

  it("lets what a timer woke run before the next timer fires", async () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    const walk = async (): Promise<void> => {
      for (let step = 0; step < 3; step++) {
        await sleep(clock, 10, forever());
        seen.push(clock.now());
      }
    };
    await Promise.all([walk(), clock.advance(25)].slice(1));
    expect(seen).toEqual([10, 20]);
    await clock.advance(5);
    expect(seen).toEqual([10, 20, 30]);
  });

  it("counts the timers that are armed", async () => {
    const clock = new VirtualClock();
    const timers = [10, 20, 30].map((at) => clock.schedule(at, () => undefined));
    timers[1]?.[Symbol.dispose]();
    expect(clock.armed).toBe(2);
    await clock.advance(10);
    expect(clock.armed).toBe(1);
  });

  it("moves the wall clock along", async () => {
    const clock = new VirtualClock(1000);
    await clock.advance(86_400_000);
    expect([clock.now(), clock.wallNow()]).toEqual([86_400_000, 86_401_000]);
  });

  it("says so when it is asked to wait for what can never come", async () => {
    await expect(new VirtualClock().until(new Promise(() => undefined))).rejects.toThrow(
      "the promise is pending and no timer is armed",
    );
  });
});
