import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exactLowerBound, type KnownCall } from "./lower-bound.ts";
import { runBound, type StatedLimit } from "./run-bound.ts";
import { WorkDone, type WorkSoFar } from "./work-done.ts";
import { workSince } from "./work-since.ts";

interface Answer extends KnownCall {
  readonly input: number;
  readonly output: number;
}

const model = { provider: "openai", name: "m" };

/** All calls are there from the start; the answers come one after another. */
const tell = (done: WorkDone, answers: readonly Answer[], startAt = 0): number => {
  for (const [index] of answers.entries())
    done.listen({ type: "call-start", at: startAt, id: `${index}`, model, operation: "chat" });
  let at = startAt;
  for (const [index, { latencyMs, input, output }] of answers.entries()) {
    at += latencyMs;
    const usage = { inputTokens: input, outputTokens: output, cachedTokens: 0, reasoningTokens: 0 };
    done.listen({ type: "call-end", at, id: `${index}`, usage, totalMs: at - startAt, attemptMs: latencyMs });
  }
  return at;
};

const worked = (answers: readonly Answer[]): WorkSoFar => {
  const done = new WorkDone();
  return done.snapshot(tell(done, answers));
};

const amounts = fc.integer({ min: 0, max: 5000 });
const answers = fc.array(
  fc.record({ latencyMs: fc.double({ min: 1, max: 100_000, noNaN: true }), input: amounts, output: amounts }),
  { minLength: 1, maxLength: 200 },
);

const limits = (requests: number, tokens: number, slots: number): readonly StatedLimit[] => [
  { name: "maxConcurrent", value: slots, source: "configured" },
  { name: "requestsPerMinute", value: requests, source: "configured" },
  { name: "tokensPerMinute", value: tokens, source: "header", periodMs: 60_000, burst: 1000 },
];

const some = fc.integer({ min: 1, max: 5000 });

describe("the bound of a run", () => {
  it("is never above the exact one, and within a step of it", () => {
    fc.assert(
      fc.property(answers, some, some, some, (list, requests, tokens, slots) => {
        const exact = exactLowerBound({
          calls: list,
          slots,
          rates: [
            { name: "requestsPerMinute", unit: "request", limit: requests, periodMs: 60_000 },
            { name: "tokensPerMinute", unit: "total", limit: tokens, periodMs: 60_000, burst: 1000 },
          ],
        });
        const work = { ...worked(list), busyMs: Infinity };
        const found = runBound(work, limits(requests, tokens, slots))?.lowerBoundMs ?? 0;
        expect(found).toBeLessThanOrEqual(exact.lowerBoundMs * (1 + 1e-9));
        expect(found).toBeGreaterThanOrEqual(exact.lowerBoundMs * 2 ** (-1 / 16) * (1 - 1e-9));
      }),
    );
  });

  it("is never more than all of the time that the run took", () => {
    fc.assert(
      fc.property(answers, some, some, some, (list, requests, tokens, slots) => {
        const work = worked(list);
        const bound = runBound(work, limits(requests, tokens, slots));
        expect(bound?.achievedShare).toBeGreaterThan(0);
        expect(bound?.achievedShare).toBeLessThanOrEqual(1);
        expect(bound?.lowerBoundMs).toBeLessThanOrEqual(work.busyMs);
      }),
    );
  });

  it("names the limit that it comes from", () => {
    const work = worked(Array.from({ length: 100 }, () => ({ latencyMs: 1000, input: 100, output: 100 })));
    const boundBy = (...stated: StatedLimit[]): unknown => runBound(work, stated);
    expect(boundBy({ name: "requestsPerMinute", value: 60, source: "configured" })).toEqual({
      lowerBoundMs: 41_000,
      achievedShare: 0.41,
      boundBy: "requestsPerMinute",
    });
    expect(boundBy({ name: "outputTokensPerMinute", value: 6000, source: "header", burst: 0 })).toMatchObject({
      lowerBoundMs: 100_000,
      boundBy: "outputTokensPerMinute",
    });
    expect(boundBy({ name: "maxConcurrent", value: 4, source: "configured" })).toMatchObject({
      achievedShare: 0.25,
      boundBy: "maxConcurrent",
    });
    expect(boundBy({ name: "requestsPerDay", source: "learned" })).toMatchObject({ boundBy: "latency" });
  });

  it("takes no bound from concurrency that was found out, and names it where it was what mattered", () => {
    const work = {
      ...worked(Array.from({ length: 100 }, () => ({ latencyMs: 1000, input: 0, output: 0 }))),
      busyMs: 25_000,
    };
    const rate = { name: "requestsPerMinute", value: 6000, source: "configured" };
    expect(runBound(work, [{ name: "maxConcurrent", value: 4, source: "learned" }, rate])).toEqual({
      lowerBoundMs: 1000,
      achievedShare: 0.04,
      boundBy: "maxConcurrent",
    });
    expect(runBound(work, [{ name: "maxConcurrent", value: 8, source: "learned" }, rate])).toMatchObject({
      boundBy: "latency",
    });
  });

  it("is absent before the first success", () => {
    const done = new WorkDone();
    done.listen({ type: "call-start", at: 0, id: "a", model, operation: "chat" });
    done.listen({ type: "call-end", at: 50, id: "a", code: "auth", totalMs: 50, attemptMs: 50 });
    expect(runBound(done.snapshot(50), limits(1, 1, 1))).toBeUndefined();
  });
});

describe("work", () => {
  it("counts time only while a call waits or runs", () => {
    const done = new WorkDone();
    const one = [{ latencyMs: 1000, input: 1, output: 1 }];
    expect(tell(done, one)).toBe(1000);
    expect(tell(done, one, 61_000)).toBe(62_000);
    expect(done.snapshot(100_000).busyMs).toBe(2000);
    done.listen({ type: "call-start", at: 100_000, id: "x", model, operation: "chat" });
    expect(done.snapshot(100_500).busyMs).toBe(2500);
  });

  it("of one run is what is there after it less what was there before", () => {
    fc.assert(
      fc.property(answers, answers, some, some, (earlier, own, requests, tokens) => {
        const done = new WorkDone();
        const between = tell(done, earlier);
        const before = done.snapshot(between);
        const after = done.snapshot(tell(done, own, between + 5000));
        const part = workSince(before, after);
        const alone = worked(own);
        const counts = (work: WorkSoFar): unknown =>
          work.groups.map(({ step, request, total }) => [step, request, total]);
        expect(counts(part)).toEqual(counts(alone));
        expect(part.busyMs).toBeCloseTo(alone.busyMs, 3);
        const bounds = [part, alone].map((work) => runBound(work, limits(requests, tokens, 10))?.lowerBoundMs ?? 0);
        expect(bounds[0]).toBeLessThanOrEqual((bounds[1] ?? 0) * (1 + 1e-9) + 1e-3);
      }),
    );
  });
});
