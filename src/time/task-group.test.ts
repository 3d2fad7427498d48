import { describe, expect, it } from "vitest";
import { sleep } from "./sleep.ts";
import { taskGroup } from "./task-group.ts";
import { VirtualClock } from "./virtual-clock.ts";

const forever = (): AbortSignal => new AbortController().signal;

describe("taskGroup", () => {
  it("returns what its body returns, after every task has ended", async () => {
    const clock = new VirtualClock();
    const ended: number[] = [];
    const running = taskGroup(forever(), async (group) => {
      for (const ms of [30, 10, 20]) group.start((signal) => sleep(clock, ms, signal).then(() => void ended.push(ms)));
      return "done";
    });
    expect(await clock.until(running)).toBe("done");
    expect(ended).toEqual([10, 20, 30]);
  });

  it("waits for tasks that tasks have started", async () => {
    const clock = new VirtualClock();
    let ended = false;
    await clock.until(
      taskGroup(forever(), async (group) => {
        group.start(async (signal) => {
          await sleep(clock, 10, signal);
          group.start((inner) => sleep(clock, 10, inner).then(() => void (ended = true)));
        });
      }),
    );
    expect(ended).toBe(true);
  });

  it("throws the first failure, when all the others have been cancelled and have stopped", async () => {
    const clock = new VirtualClock();
    const failure = new Error("broken");
    let cleanedAt: number | undefined;
    const running = taskGroup(forever(), async (group) => {
      group.start(async (signal) => {
        await sleep(clock, 1000, signal).catch(() => undefined);
        await sleep(clock, 5, forever());
        cleanedAt = clock.now();
        throw new Error("second");
      });
      group.start(async (signal) => {
        await sleep(clock, 10, signal);
        throw failure;
      });
    });
    await expect(clock.until(running)).rejects.toBe(failure);
    expect(cleanedAt).toBe(15);
    expect(clock.armed).toBe(0);
  });

  it("cancels its tasks when its body throws, even before it returns a promise", async () => {
    const clock = new VirtualClock();
    let stopped = false;
    const running = taskGroup(forever(), (group) => {
      group.start((signal) => sleep(clock, 1000, signal).finally(() => (stopped = true)));
      throw new Error("body");
    });
    await expect(clock.until(running)).rejects.toThrow("body");
    expect([stopped, clock.armed]).toEqual([true, 0]);
  });

  it("stops with its parent", async () => {
    const clock = new VirtualClock();
    const parent = new AbortController();
    const running = taskGroup(parent.signal, async (group) => {
      group.start((own) => sleep(clock, 1000, own));
      await sleep(clock, 1000, group.signal);
    });
    parent.abort(new Error("over"));
    await expect(clock.until(running)).rejects.toThrow("over");
    expect(clock.armed).toBe(0);
  });
});
