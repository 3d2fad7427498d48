import fc from "fast-check";
import { expect, it } from "vitest";
import { CallError } from "../../src/call/call-error.ts";
import type { Handler } from "../../src/call/handler.ts";
import { createLLM } from "../../src/client/create-llm.ts";
import { seededRng } from "../../src/time/rng.ts";
import { sleep } from "../../src/time/sleep.ts";
import { VirtualClock } from "../../src/time/virtual-clock.ts";

const usage = { inputTokens: 1, outputTokens: 1, cachedTokens: 0, reasoningTokens: 0 };

const world = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  maxConcurrent: fc.integer({ min: 1, max: 4 }),
  closeAtMs: fc.option(fc.integer({ min: 0, max: 4000 }), { nil: undefined }),
  calls: fc.array(
    fc.record({
      atMs: fc.integer({ min: 0, max: 3000 }),
      question: fc.integer({ min: 0, max: 4 }),
      cancelAfterMs: fc.option(fc.integer({ min: 0, max: 2000 }), { nil: undefined }),
      totalMs: fc.option(fc.integer({ min: 50, max: 3000 }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 40, size: "max" },
  ),
});

/** A provider that fails now and then, and sees whether one question is ever asked twice at the same time. */
const fitful = (seed: number, clock: VirtualClock) => {
  const rng = seededRng(seed);
  const seen = { made: 0, succeeded: 0, mostOfOne: 0 };
  const inFlight = new Map<string, Set<AbortSignal>>();
  const handler: Handler = async (call, { signal }) => {
    const question = JSON.stringify(call.body["messages"]);
    const same = inFlight.get(question) ?? new Set();
    inFlight.set(question, same.add(signal));
    seen.made += 1;
    seen.mostOfOne = Math.max(seen.mostOfOne, [...same].filter(({ aborted }) => !aborted).length);
    try {
      await sleep(clock, 100 + 900 * rng(), signal).catch((reason: unknown) => {
        throw reason instanceof CallError ? reason : new CallError("cancelled", String(reason));
      });
    } finally {
      same.delete(signal);
    }
    const fate = rng();
    if (fate < 0.2) throw new CallError("server", "broken", { status: 500 });
    if (fate < 0.3) throw new CallError("throttled", "slow", { status: 429, retryAfterMs: 300 });
    if (fate < 0.35) throw new CallError("auth", "no", { status: 401 });
    seen.succeeded += 1;
    return { status: 200, body: { choices: [{ message: { content: question } }] }, usage, deployment: "here" };
  };
  return { handler, seen };
};

it("coalesced calls end once each, are never asked twice at once, and are accounted for as they were made", async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ seed, maxConcurrent, closeAtMs, calls }) => {
      const clock = new VirtualClock();
      const { handler, seen } = fitful(seed, clock);
      const options = { coalesce: true, breaker: false, limits: { maxConcurrent }, rng: seededRng(seed) } as const;
      const llm = createLLM({ model: "m", handler, clock, ...options });
      const ends = { ok: 0, reused: 0, failed: 0 };
      const live = async ({ atMs, question, cancelAfterMs, totalMs }: (typeof calls)[number]): Promise<void> => {
        await sleep(clock, atMs, new AbortController().signal);
        const timeout = totalMs === undefined ? {} : { timeout: { total: totalMs } };
        const job = llm.submit(String(question), timeout);
        if (cancelAfterMs !== undefined) clock.schedule(clock.now() + cancelAfterMs, () => job.cancel());
        await Promise.resolve(job).then(
          ({ text, reused }) => {
            expect(text).toContain(`"${question}"`);
            ends[reused === undefined ? "ok" : "reused"] += 1;
          },
          () => (ends.failed += 1),
        );
      };
      if (closeAtMs !== undefined) clock.schedule(closeAtMs, () => void llm.close());
      await clock.until(Promise.all(calls.map(live)));
      await clock.advance(100_000);
      expect(ends.ok + ends.reused + ends.failed).toBe(calls.length);
      expect(seen.mostOfOne).toBeLessThanOrEqual(1);
      const { succeeded, failed, reused, attempts, usage: used, inFlight, queued } = llm.stats();
      expect({ succeeded, failed, reused }).toEqual({
        succeeded: ends.ok + ends.reused,
        failed: ends.failed,
        reused: ends.reused,
      });
      expect({ attempts, output: used.outputTokens, inFlight, queued }).toEqual({
        attempts: seen.made,
        output: ends.ok,
        inFlight: 0,
        queued: 0,
      });
      // A success that nobody waited for any more is the only one that is not told.
      expect(seen.succeeded).toBeGreaterThanOrEqual(ends.ok);
      expect(clock.armed).toBe(0);
      await clock.until(llm.close());
    }),
    { numRuns: 150 },
  );
});
