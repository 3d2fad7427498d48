import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { seededRng } from "../time/rng.ts";
import { sleep } from "../time/sleep.ts";
import type { TaskContext } from "./pool.ts";
import { followerCount } from "../time/on-abort.ts";
import { outcome, poolWorld } from "../../test/fixtures/pool-world.ts";

const never = new AbortController().signal;

describe("ending a pool", () => {
  it("drains: everything submitted has its outcome", async () => {
    const { pool, clock } = poolWorld({ maxConcurrent: 2, maxRetries: 1 });
    await pool.drain();
    const tasks = [1, 2, 3, 4].map((item) =>
      outcome(
        pool.submit(async () => {
          await sleep(clock, 10, never);
          if (item === 4) throw new Error("flaky");
        }),
      ),
    );
    await clock.until(Promise.all([pool.drain(), pool.drain()]));
    expect(pool.stats).toEqual({ queued: 0, running: 0, succeeded: 3, failed: 1, retried: 1 });
    await Promise.all(tasks);
  });

  it("stops: no submitted task is left pending, even one that ignores its signal", async () => {
    const { pool, clock } = poolWorld({ maxConcurrent: 2, maxRetries: 9, maxQueued: 4 });
    let reason: unknown;
    const polite = ({ signal }: TaskContext): Promise<void> =>
      sleep(clock, 60_000, signal).catch((error: unknown) => {
        reason = error;
      });
    const all = [pool.submit(polite), pool.submit(() => new Promise(() => {})), pool.submit(polite)].map(outcome);
    const retrying = poolWorld({ maxRetries: 9 });
    const waiting = outcome(retrying.pool.submit(() => Promise.reject(new Error("flaky"))));
    await retrying.clock.advance(1);
    const drained = pool.drain();
    const stopped = pool.stop();
    expect(await Promise.all(all)).toEqual(["closed", "closed", "closed"]);
    await drained;
    expect(reason).toMatchObject({ code: "closed" });
    await clock.until(stopped);
    expect(clock.now()).toBe(1000);
    await retrying.pool.stop();
    expect(await waiting).toBe("closed");
    expect(clock.armed + retrying.clock.armed).toBe(0);
    expect(await outcome(pool.submit(() => 1))).toBe("closed");
    expect(await outcome(pool.ready())).toBe("closed");
  });

  it("waits, when it is disposed, for tasks that obey", async () => {
    const { pool, clock } = poolWorld({ stopGrace: "5s" });
    let ended = false;
    const task = ({ signal }: TaskContext): Promise<void> =>
      sleep(clock, 60_000, signal).catch(() => sleep(clock, 100, never).then(() => void (ended = true)));
    const submitted = outcome(pool.submit(task));
    await clock.until(pool[Symbol.asyncDispose]());
    expect(ended).toBe(true);
    expect(clock.now()).toBe(100);
    expect(await submitted).toBe("closed");
  });

  it("refuses producers that wait for a place", async () => {
    const { pool } = poolWorld({ maxConcurrent: 1, maxQueued: 0 });
    const running = outcome(pool.submit(({ signal }) => new Promise((resolve) => (signal.onabort = resolve))));
    const ready = outcome(pool.ready());
    await pool.stop();
    expect(await Promise.all([running, ready])).toEqual(["closed", "closed"]);
  });

  it("follows its own signal, and listens to it only while it has work", async () => {
    const controller = new AbortController();
    const { pool, clock } = poolWorld({ signal: controller.signal });
    const listeners = (): number => getEventListeners(controller.signal, "abort").length;
    expect(listeners()).toBe(0);
    const short = pool.submit(() => sleep(clock, 1, never));
    const long = outcome(pool.submit(({ signal }) => sleep(clock, 1000, signal)));
    expect(listeners()).toBe(1);
    await clock.until(short);
    controller.abort();
    expect(await long).toBe("cancelled");
    expect(listeners()).toBe(0);
    expect(await outcome(pool.submit(() => 1))).toBe("cancelled");
    await clock.advance(0);
    expect(clock.armed).toBe(0);
  });

  it("survives a task that calls the pool while it is told to stop", async () => {
    const { pool, clock } = poolWorld({ maxConcurrent: 1, timeout: 100, maxRetries: 1 });
    const controller = new AbortController();
    const inner: Promise<unknown>[] = [];
    const task = ({ signal }: TaskContext): Promise<void> => {
      signal.addEventListener("abort", () => {
        inner.push(outcome(pool.submit(() => "inner")));
        controller.abort();
      });
      return sleep(clock, 1000, signal);
    };
    expect(await clock.until(outcome(pool.with({ signal: controller.signal }).submit(task)))).toBe("cancelled");
    await clock.until(pool.drain());
    expect(await Promise.all(inner)).toEqual(["inner"]);
    expect(pool.stats).toEqual({ queued: 0, running: 0, succeeded: 1, failed: 1, retried: 1 });
    expect(clock.armed).toBe(0);
  });

  it("ends every task exactly once under random load, and keeps nothing", async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const rng = seededRng(seed);
      const { pool, clock } = poolWorld({ maxConcurrent: 3, maxRetries: 2, timeout: 50 }, rng);
      const parent = new AbortController();
      let running = 0;
      const task = async ({ signal }: TaskContext): Promise<void> => {
        expect(++running).toBeLessThanOrEqual(3);
        const wait = sleep(clock, rng() * 80, rng() < 0.8 ? signal : never);
        await wait.finally(() => running--);
        if (rng() < 0.3) throw new Error("flaky");
      };
      const outcomes = Array.from({ length: 40 }, () => {
        const controller = new AbortController();
        if (rng() < 0.2) clock.schedule(rng() * 500, () => controller.abort());
        const signal = rng() < 0.5 ? parent.signal : controller.signal;
        return outcome(pool.with({ signal, priority: Math.floor(rng() * 3) }).submit(task));
      });
      if (seed % 3 === 0) clock.schedule(200, () => parent.abort());
      await clock.until(Promise.all(outcomes));
      await clock.until(pool.stop());
      await clock.advance(1000);
      const { succeeded, failed, queued, running: slots } = pool.stats;
      expect({ total: succeeded + failed, queued, slots, seed }).toEqual({ total: 40, queued: 0, slots: 0, seed });
      expect(followerCount(parent.signal) ?? 0).toBe(0);
      expect(clock.armed).toBe(0);
    }
  });
});
