import { describe, expect, it } from "vitest";
import { runSteadily } from "./steady-load.ts";

/** In each row how many of a thousand attempts may be refused: with limits that are configured, told by headers, or neither. */
const servers = [
  ["a bucket of a minute", { burstMs: 60_000 }, [1, 1, 2]],
  ["a bucket of 10 s", { burstMs: 10_000 }, [1, 1, 15]],
  ["a bucket of 1 s", { burstMs: 1000 }, [3, 3, 5]],
  ["an aligned window", { quota: "window" }, [1, 1, 2]],
  ["a window with a phase", { quota: "window", windowPhaseMs: 23_000 }, [1, 1, 2]],
  ["a sliding window", { quota: "sliding" }, [2, 6, 5]],
  ["a quota per second", { requestQuota: { quota: "window", windowMs: 1000 } }, [8, 8, 10]],
  ["a quota per 10 s", { requestQuota: { quota: "window", windowMs: 10_000 } }, [2, 2, 3]],
] as const;
const modes = ["configured", "headers", "neither"] as const;

describe("a job of twelve quota minutes", () => {
  it.each(servers)("P2, P19: is hardly ever refused by %s, and no faster than possible", async (_, server, most) => {
    for (const [index, mode] of modes.entries()) {
      const outcome = await runSteadily({ server, mode, minutes: 12 });
      const story = `${mode}: ${JSON.stringify(outcome)}`;
      expect(outcome.failed, story).toBe(0);
      expect(outcome.throttledShare * 1000, story).toBeLessThanOrEqual(most[index] ?? 0);
      expect(outcome.makespanMs, story).toBeGreaterThanOrEqual(outcome.lowerBoundMs);
      expect(outcome.makespanMs, story).toBeLessThanOrEqual(outcome.lowerBoundMs * 1.25);
    }
  });
});
