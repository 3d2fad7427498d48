import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OneTimerClock } from "./one-timer-clock.ts";
import { VirtualClock } from "./virtual-clock.ts";

describe("OneTimerClock", () => {
  it("keeps any deadlines on one timer, and none when all are cancelled", () => {
    const clock = new VirtualClock();
    const shared = new OneTimerClock(clock);
    const timers = Array.from({ length: 1000 }, (_, index) => shared.schedule((index * 7919) % 1000, () => undefined));
    expect(clock.armed).toBe(1);
    for (const timer of timers) timer[Symbol.dispose]();
    expect(clock.armed).toBe(0);
  });

  it("runs every deadline at its time unless it was cancelled, whatever is scheduled meanwhile", async () => {
    const plan = fc.array(fc.record({ at: fc.nat(1000), cancelAt: fc.option(fc.nat(1000)), again: fc.nat(50) }), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(plan, async (entries) => {
        const clock = new VirtualClock();
        const shared = new OneTimerClock(clock);
        const ran: number[] = [];
        const due: number[] = [];
        for (const { at, cancelAt, again } of entries) {
          const timer = shared.schedule(at, () => {
            expect(clock.now()).toBe(at);
            ran.push(at);
            shared.schedule(at + again, () => ran.push(at + again));
          });
          if (cancelAt === null || cancelAt >= at) due.push(at, at + again);
          if (cancelAt !== null) clock.schedule(cancelAt, () => timer[Symbol.dispose]());
        }
        await clock.advance(2000);
        // Of a cancellation at the very time of a deadline either may come first.
        const exact = entries.filter(({ at, cancelAt }) => cancelAt === at).length;
        expect(Math.abs(ran.length - due.length)).toBeLessThanOrEqual(2 * exact);
        expect(ran).toEqual(ran.toSorted((a, b) => a - b));
        expect(clock.armed).toBe(0);
      }),
    );
  });
});
