import { getEventListeners } from "node:events";
import { describe, expect, expectTypeOf, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import { sleep } from "../time/sleep.ts";
import type { TaskContext } from "./pool.ts";
import { outcome, poolWorld } from "../../test/fixtures/pool-world.ts";

const never = new AbortController().signal;

describe("a worker pool", () => {
  it("calls a task with its arguments and then a signal, and returns what it returns", async () => {
    const { pool } = poolWorld();
    const add = (a: number, b: number, { signal }: TaskContext): number => (signal.aborted ? NaN : a + b);
    const sum = pool.submit(add, 2, 3);
    expectTypeOf(sum).toEqualTypeOf<Promise<number>>();
    expect(await sum).toBe(5);
    const length = pool.submit(async (text: string) => text.length, "four");
    expectTypeOf(length).toEqualTypeOf<Promise<number>>();
    expect(await length).toBe(4);
    expect(await pool.submit(() => "no arguments")).toBe("no arguments");
    const kinds = async (kind: "a" | "b", sizes: number[]): Promise<number> => kind.length + sizes.length;
    expect(await pool.submit(kinds, "a", [1, 2])).toBe(3);
    // @ts-expect-error an argument of another type is refused
    await pool.submit(async (text: string) => text, 4);
    // @ts-expect-error the context would arrive as the limit
    await pool.submit((text: string, limit?: number) => [text, limit], "four");
  });

  it("passes on what a task throws, as it is", async () => {
    const { pool } = poolWorld();
    const error = new Error("mine");
    expect(await outcome(pool.submit(() => Promise.reject(error)))).toBe(error);
    const thrown = pool.submit(() => {
      throw error;
    });
    expect(await outcome(thrown)).toBe(error);
    expect(pool.stats).toEqual({ queued: 0, running: 0, succeeded: 0, failed: 2, retried: 0 });
  });

  it("runs ten tasks of two seconds at a time", async () => {
    const { pool, clock } = poolWorld();
    let running = 0;
    let most = 0;
    const task = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await sleep(clock, 2000, never);
      running--;
    };
    const all = Promise.all(Array.from({ length: 30 }, () => pool.submit(task)));
    expect(pool.stats).toMatchObject({ running: 10, queued: 20 });
    await clock.until(all);
    expect(most).toBe(10);
    expect(clock.now()).toBe(6000);
    expect(pool.stats).toEqual({ queued: 0, running: 0, succeeded: 30, failed: 0, retried: 0 });
  });

  it("starts the higher priority first and equal ones in their order", async () => {
    const { pool, clock } = poolWorld({ maxConcurrent: 1 });
    const order: string[] = [];
    const task = async (name: string): Promise<void> => {
      order.push(name);
      await sleep(clock, 1, never);
    };
    const urgent = pool.with({ priority: 5 });
    const all = [pool.submit(task, "first"), pool.submit(task, "second"), urgent.submit(task, "urgent 1")];
    all.push(pool.with({ priority: -1 }).submit(task, "last"), urgent.submit(task, "urgent 2"));
    await clock.until(Promise.all(all));
    expect(order).toEqual(["first", "urgent 1", "urgent 2", "second", "last"]);
  });

  it.each([
    [{ maxConcurrent: 0 }, 'Cannot create a pool: "maxConcurrent" must be a whole number of at least 1, got 0'],
    [{ maxRetries: 1.5 }, 'Cannot create a pool: "maxRetries" must be a whole number of at least 0, got 1.5'],
    [{ maxQueued: -1 }, 'Cannot create a pool: "maxQueued" must be a whole number of at least 0, got -1'],
    [{ timeout: 0 }, 'Cannot use "timeout": it must be a duration'],
  ])("refuses %j", (options, message) => {
    expect(() => poolWorld(options)).toThrow(message);
  });

  it("refuses wrong settings of a task", () => {
    const { pool } = poolWorld();
    expect(() => pool.with({ priority: NaN })).toThrow('Cannot submit: "priority" must be a number, got NaN');
    expect(() => pool.with({ maxRetries: -1 })).toThrow('Cannot submit: "maxRetries" must be');
  });
});

describe("the timeout of a pool's task", () => {
  it("tells the task to stop and rejects at once", async () => {
    const { pool, clock } = poolWorld({ timeout: "3s" });
    let reason: unknown;
    const task = ({ signal }: TaskContext): Promise<void> =>
      sleep(clock, 10_000, signal).catch((error: unknown) => {
        reason = error;
      });
    await expect(clock.until(pool.submit(task))).rejects.toMatchObject({ code: "timeout", attempts: 1 });
    expect(clock.now()).toBe(3000);
    expect(reason).toMatchObject({ code: "timeout" });
    expect(clock.armed).toBe(0);
  });

  it("counts from the start of the attempt, not from its submission", async () => {
    const { pool, clock } = poolWorld({ maxConcurrent: 1, timeout: "3s" });
    const task = (): Promise<void> => sleep(clock, 2000, never);
    await clock.until(Promise.all([pool.submit(task), pool.submit(task)]));
    expect(clock.now()).toBe(4000);
  });

  it("leaves its slot to a task that ignores the signal until that has really ended", async () => {
    const { pool, clock } = poolWorld({ maxConcurrent: 1, timeout: 1000 });
    const deaf = outcome(pool.submit(() => sleep(clock, 5000, never)));
    const next = pool.submit(() => clock.now());
    expect(await clock.until(deaf)).toBe("timeout");
    expect(clock.now()).toBe(1000);
    expect(pool.stats).toMatchObject({ running: 1, queued: 1, failed: 1 });
    expect(await clock.until(next)).toBe(5000);
    expect(pool.stats).toEqual({ queued: 0, running: 0, succeeded: 1, failed: 1, retried: 0 });
  });

  it("can be set for single tasks", async () => {
    const { pool, clock } = poolWorld({ timeout: "1h" });
    const quick = pool.with({ timeout: "10ms" });
    expect(await clock.until(outcome(quick.submit(({ signal }) => sleep(clock, 1000, signal))))).toBe("timeout");
    expect(clock.now()).toBe(10);
  });
});

describe("the retries of a pool", () => {
  const failing = (times: number, error: unknown): { calls: number; task: () => Promise<string> } => {
    const seen = {
      calls: 0,
      task: async (): Promise<string> => {
        if (++seen.calls <= times) throw error;
        return "done";
      },
    };
    return seen;
  };

  it("come after waits that double, by full jitter, and hold no slot meanwhile", async () => {
    const { pool, clock } = poolWorld({ maxConcurrent: 1, maxRetries: 3 });
    const seen = failing(3, new Error("flaky"));
    const slow = pool.submit(seen.task);
    const other = pool.submit(() => clock.now());
    expect(await clock.until(other)).toBe(0);
    expect(pool.stats).toMatchObject({ queued: 1, running: 0 });
    expect(await clock.until(slow)).toBe("done");
    expect(clock.now()).toBe(125 + 250 + 500);
    expect(pool.stats).toEqual({ queued: 0, running: 0, succeeded: 2, failed: 0, retried: 3 });
  });

  it("end with the last error when they are used up", async () => {
    const { pool, clock } = poolWorld({ maxRetries: 1 });
    const seen = failing(9, new CallError("server", "502"));
    expect(await clock.until(outcome(pool.submit(seen.task)))).toBe("server");
    expect(seen.calls).toBe(2);
    expect(pool.stats).toMatchObject({ failed: 1, retried: 1 });
  });

  it.each(["cancelled", "closed", "invalid_request"] as const)("are not made for %s", async (code) => {
    const { pool } = poolWorld({ maxRetries: 5 });
    const seen = failing(9, new CallError(code, "final"));
    expect(await outcome(pool.submit(seen.task))).toBe(code);
    expect(seen.calls).toBe(1);
  });

  it("wait at least as long as the error asks", async () => {
    const { pool, clock } = poolWorld({ maxRetries: 1 });
    const seen = failing(1, new CallError("throttled", "slow down", { retryAfterMs: 7000 }));
    expect(await clock.until(pool.submit(seen.task))).toBe("done");
    expect(clock.now()).toBe(7000);
  });

  it("follow a timeout too", async () => {
    const { pool, clock } = poolWorld({ timeout: "1s" });
    let calls = 0;
    const task = ({ signal }: TaskContext): Promise<void> => sleep(clock, ++calls === 1 ? 5000 : 10, signal);
    await clock.until(pool.with({ maxRetries: 1 }).submit(task));
    expect(clock.now()).toBe(1000 + 125 + 10);
  });

  it("go ahead of younger tasks of the same priority", async () => {
    const { pool, clock } = poolWorld({ maxConcurrent: 1, maxRetries: 1 });
    const order: string[] = [];
    const task = async (name: string): Promise<void> => {
      order.push(name);
      await sleep(clock, 100, never);
      if (name === "old" && order.length === 1) throw new Error("flaky");
    };
    const names = ["old", "a", "b", "c", "d"];
    await clock.until(Promise.all(names.map((name) => pool.submit(task, name))));
    expect(order).toEqual(["old", "a", "b", "old", "c", "d"]);
  });
});

describe("cancelling a pool's task", () => {
  it("takes a waiting task out of the queue", async () => {
    const { pool, clock } = poolWorld({ maxConcurrent: 1 });
    const controller = new AbortController();
    const first = pool.submit(() => sleep(clock, 100, never));
    const waiting = outcome(pool.with({ signal: controller.signal }).submit(() => "never called"));
    controller.abort();
    expect(await waiting).toBe("cancelled");
    expect(pool.stats).toMatchObject({ queued: 0, running: 1, failed: 1 });
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    await clock.until(first);
  });

  it("tells a running task, and ends a wait for a retry", async () => {
    const { pool, clock } = poolWorld({ maxRetries: 1 });
    const controller = new AbortController();
    const cancellable = pool.with({ signal: controller.signal });
    let told = false;
    const running = outcome(
      cancellable.submit(({ signal }) => sleep(clock, 100_000, signal).catch(() => void (told = true))),
    );
    const waiting = outcome(cancellable.submit(() => Promise.reject(new Error("flaky"))));
    await clock.advance(1);
    expect(pool.stats).toMatchObject({ queued: 1, running: 1 });
    controller.abort();
    expect(await Promise.all([running, waiting])).toEqual(["cancelled", "cancelled"]);
    await clock.advance(0);
    expect(told).toBe(true);
    expect(clock.armed).toBe(0);
    expect(pool.stats).toMatchObject({ queued: 0, running: 0 });
  });

  it("puts one listener on a signal, however many tasks follow it", async () => {
    const { pool, clock } = poolWorld({ maxConcurrent: 2 });
    const controller = new AbortController();
    const listeners = (): number => getEventListeners(controller.signal, "abort").length;
    const all = Array.from({ length: 50 }, () =>
      outcome(pool.with({ signal: controller.signal }).submit(({ signal }) => sleep(clock, 100, signal))),
    );
    await clock.advance(150);
    expect(listeners()).toBe(1);
    controller.abort();
    expect((await Promise.all(all)).filter((code) => code === "cancelled")).toHaveLength(48);
    expect(listeners()).toBe(0);
  });

  it("does not begin a task whose signal has aborted", async () => {
    const { pool } = poolWorld();
    const signal = AbortSignal.abort(new CallError("budget", "enough"));
    expect(await outcome(pool.with({ signal }).submit(() => "never called"))).toBe("budget");
  });
});

describe("the bounded queue of a pool", () => {
  it("refuses a task that finds no place and says what to do", async () => {
    const { pool, clock } = poolWorld({ maxConcurrent: 1, maxQueued: 2 });
    const tasks = [1, 2, 3].map((item) => pool.submit((value: number) => sleep(clock, value, never), item));
    await expect(pool.submit(() => 4)).rejects.toMatchObject({
      code: "queue_full",
      message: 'Cannot submit: the queue holds "maxQueued" = 2 tasks; await pool.ready() before each submit',
    });
    await clock.until(Promise.all(tasks));
  });

  it("can be without any place to wait", async () => {
    const { pool } = poolWorld({ maxConcurrent: 1, maxQueued: 0 });
    const running = pool.submit(async () => "runs");
    expect(await outcome(pool.submit(() => "waits"))).toBe("queue_full");
    expect(await running).toBe("runs");
    expect(await pool.submit(() => "runs too")).toBe("runs too");
  });

  it("never refuses producers that await ready(), however many they are", async () => {
    const { pool, clock } = poolWorld({ maxConcurrent: 2, maxQueued: 3 });
    let most = 0;
    const results: Promise<void>[] = [];
    const producer = async (): Promise<void> => {
      for (let item = 0; item < 20; item++) {
        await pool.ready();
        results.push(pool.submit(() => sleep(clock, 10, never)));
        most = Math.max(most, pool.stats.queued);
      }
    };
    await clock.until(Promise.all(Array.from({ length: 8 }, producer)));
    await clock.until(Promise.all(results));
    expect(results).toHaveLength(160);
    expect(most).toBe(3);
    expect(clock.armed).toBe(0);
  });

  it("gives the place of a producer that does not use it to the next one", async () => {
    const { pool, clock } = poolWorld({ maxConcurrent: 1, maxQueued: 0 });
    await pool.ready();
    const second = pool.ready();
    await clock.until(second);
    expect(clock.now()).toBe(1);
    await clock.advance(1);
    expect(clock.armed).toBe(0);
  });
});
