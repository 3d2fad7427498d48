import { describe, expect, it } from "vitest";
import { sleep } from "./sleep.ts";
import { VirtualClock } from "./virtual-clock.ts";

describe("sleep", () => {
  it("ends when its time has come and not before", async () => {
    const clock = new VirtualClock();
    let woken = false;
    const sleeping = sleep(clock, 1000, new AbortController().signal).then(() => (woken = true));
    await clock.advance(999);
    expect(woken).toBe(false);
    await clock.advance(1);
    expect(woken).toBe(true);
    await sleeping;
  });

  it("ends at once with the signal's reason, and leaves no timer", async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const sleeping = sleep(clock, 1000, controller.signal);
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    expect([clock.now(), clock.armed]).toEqual([0, 0]);
  });

  it("does not begin under a signal that has aborted", async () => {
    const clock = new VirtualClock();
    await expect(sleep(clock, 1000, AbortSignal.abort("over"))).rejects.toBe("over");
    expect(clock.armed).toBe(0);
  });

  it("is not disturbed by an abort after its end", async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const sleeping = sleep(clock, 5, controller.signal);
    await clock.until(sleeping);
    controller.abort(new Error("late"));
    await expect(sleeping).resolves.toBeUndefined();
  });
});
