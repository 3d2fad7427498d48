import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Metrics } from "./metrics.ts";
import { RecentValues } from "./recent-values.ts";
import { RollingRate } from "./rolling-rate.ts";

const model = { provider: "openai", name: "m" };
const usage = { inputTokens: 100, outputTokens: 20, cachedTokens: 60, reasoningTokens: 5 };

describe("Metrics", () => {
  it("adds up what happened", () => {
    const metrics = new Metrics();
    const listen = metrics.listen;
    for (const id of ["a", "b"]) listen({ type: "call-start", at: 0, id, model, operation: "chat" });
    listen({ type: "attempt-start", at: 0, id: "a", attempt: 1, queuedMs: 0 });
    listen({ type: "attempt-start", at: 0, id: "b", attempt: 1, queuedMs: 0 });
    listen({ type: "attempt-end", at: 100, id: "a", attempt: 1, code: "throttled", status: 429, elapsedMs: 100 });
    listen({ type: "call-retry", at: 100, id: "a", attempt: 1, code: "throttled", message: "no", waitMs: 0 });
    listen({ type: "attempt-start", at: 1000, id: "a", attempt: 2, queuedMs: 900 });
    listen({ type: "first-content", at: 1200, id: "a", attempt: 2, afterMs: 200 });
    listen({ type: "attempt-end", at: 1500, id: "a", attempt: 2, status: 200, elapsedMs: 500 });
    listen({ type: "call-end", at: 1500, id: "a", usage, totalMs: 1500, attemptMs: 500 });
    listen({ type: "attempt-end", at: 1600, id: "b", attempt: 1, code: "auth", status: 401, elapsedMs: 1600 });
    listen({ type: "call-end", at: 1600, id: "b", code: "auth", totalMs: 1600 });
    expect(metrics.snapshot(2000)).toEqual({
      succeeded: 1,
      failed: 1,
      reused: 0,
      attempts: 3,
      retries: 1,
      throttled: 1,
      usage,
      costs: [],
      unpricedCalls: 1,
      requestsPerMinute: 3,
      tokensPerMinute: 120,
      latency: { p50: 500, p95: 500, p99: 500 },
      firstContent: { p50: 200, p95: 200, p99: 200 },
      errors: { auth: 1 },
      work: {
        groups: [{ step: 143, leastMs: 500, request: 1, input: 100, output: 20, total: 120 }],
        slotMs: 500,
        largest: { request: 1, input: 100, output: 20, total: 120 },
        busyMs: 1600,
      },
    });
  });

  it("counts every 429, whatever it is taken for", () => {
    const metrics = new Metrics();
    const failed = { type: "attempt-end", at: 0, id: "a", attempt: 1, elapsedMs: 1 } as const;
    metrics.listen({ ...failed, code: "throttled", status: 429 });
    metrics.listen({ ...failed, code: "quota_exhausted", status: 429 });
    metrics.listen({ ...failed, code: "throttled" });
    metrics.listen({ ...failed, code: "server", status: 500 });
    metrics.listen({ ...failed, code: "cancelled", status: 429 });
    expect(metrics.snapshot(0).throttled).toBe(4);
  });

  it("knows how long an answer usually takes, that of a stream to its first content", () => {
    const metrics = new Metrics();
    expect([metrics.usualMs(true), metrics.usualMs(false)]).toEqual([0, 0]);
    metrics.listen({ type: "first-content", at: 300, id: "a", attempt: 1, afterMs: 300 });
    metrics.listen({ type: "attempt-end", at: 900, id: "a", attempt: 1, status: 200, elapsedMs: 900 });
    metrics.listen({ type: "attempt-end", at: 990, id: "b", attempt: 1, status: 500, code: "server", elapsedMs: 90 });
    expect([metrics.usualMs(true), metrics.usualMs(false)]).toEqual([300, 900]);
  });

  it("counts each call once, as what it ended with", () => {
    const codes = fc.constantFrom(undefined, "auth", "timeout", "cancelled" as const);
    fc.assert(
      fc.property(fc.array(codes), (ends) => {
        const metrics = new Metrics();
        for (const [at, code] of ends.entries())
          metrics.listen({
            type: "call-end",
            at,
            id: `${at}`,
            totalMs: 1,
            usage,
            ...(code === undefined ? {} : { code }),
          });
        const { succeeded, failed, errors, usage: all } = metrics.snapshot(ends.length);
        expect(succeeded + failed).toBe(ends.length);
        expect(Object.values(errors).reduce((sum, count) => sum + count, 0)).toBe(failed);
        expect(all.inputTokens).toBe(100 * ends.length);
      }),
    );
  });
});

describe("RecentValues", () => {
  it("gives values of which that share is not larger", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 300 }), (values) => {
        const recent = new RecentValues(100);
        for (const value of values) recent.add(value);
        const kept = values.slice(-100);
        const { p50 = NaN, p95 = NaN, p99 = NaN } = recent.percentiles();
        for (const [share, value] of [
          [0.5, p50],
          [0.95, p95],
          [0.99, p99],
        ] as const) {
          expect(kept).toContain(value);
          expect(kept.filter((one) => one <= value).length / kept.length).toBeGreaterThanOrEqual(share);
          expect(kept.filter((one) => one < value).length / kept.length).toBeLessThanOrEqual(share);
        }
      }),
    );
  });

  it("says nothing before anything was measured", () => {
    expect(new RecentValues().percentiles()).toEqual({});
  });
});

describe("RollingRate", () => {
  it("is what happened in the last sixty seconds", () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 0, max: 9 })));
    fc.assert(
      fc.property(steps, (trace) => {
        const rate = new RollingRate();
        const events: { readonly second: number; readonly amount: number }[] = [];
        let now = 0;
        for (const [gapMs, amount] of trace) {
          now += gapMs;
          rate.add(now, amount);
          const second = Math.floor(now / 1000);
          events.push({ second, amount });
          const recent = events.filter((event) => event.second > second - 60);
          expect(rate.perMinute(now)).toBe(recent.reduce((sum, event) => sum + event.amount, 0));
        }
      }),
    );
  });

  it("is nothing after a minute of quiet, and after a month", () => {
    const rate = new RollingRate();
    rate.add(0, 5);
    expect([rate.perMinute(59_999), rate.perMinute(60_000)]).toEqual([5, 0]);
    rate.add(60_000, 5);
    expect(rate.perMinute(30 * 86_400_000)).toBe(0);
  });
});
