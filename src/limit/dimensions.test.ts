import { describe, expect, it } from "vitest";
import { dimensionsOf } from "./dimensions.ts";
import type { Limits } from "./limits.ts";
import { limitStats } from "./limit-stats-of.ts";

describe("dimensionsOf", () => {
  it("holds each configured limit, spreads those of a minute, and finds the concurrency itself by default", () => {
    const limits: Limits = { requestsPerMinute: 60, outputTokensPerMinute: 500, requestsPerDay: 1000 };
    expect(dimensionsOf(limits).map(({ name }) => name)).toEqual([
      "maxConcurrent",
      "requestsPerMinute",
      "requestsPerMinute",
      "outputTokensPerMinute",
      "outputTokensPerMinute",
      "requestsPerDay",
    ]);
    expect(limitStats(0, dimensionsOf(limits), limits)).toEqual([
      { name: "maxConcurrent", value: 16, source: "auto", used: 0 },
      { name: "requestsPerMinute", value: 60, source: "configured", used: 0 },
      { name: "outputTokensPerMinute", value: 500, source: "configured", used: 0 },
      { name: "requestsPerDay", value: 1000, source: "configured", used: 0 },
    ]);
  });

  it("lets a day's quota be used at once", () => {
    const [, day] = dimensionsOf({ requestsPerDay: 1000 });
    for (let start = 0; start < 1000; start++) day?.take(0, 1);
    expect(day?.waitMs(0, 1)).toBeGreaterThanOrEqual(86_400_000);
  });

  it("keeps what is in flight and what the concurrency has learned when another limit changes", () => {
    const before = dimensionsOf({});
    before[0]?.take(0, 1);
    expect(dimensionsOf({ requestsPerMinute: 60 }, before)[0]).toBe(before[0]);
    const fixed = dimensionsOf({ maxConcurrent: 3 }, before);
    expect([fixed[0]?.largest, fixed[0]?.used(0)]).toEqual([3, 1]);
    const found = dimensionsOf({ maxConcurrent: "auto" }, fixed);
    expect([found[0]?.largest, found[0]?.used(0)]).toEqual([16, 1]);
  });

  it.each([
    [{ maxConcurrent: 0 }, `"maxConcurrent" must be 'auto' or a whole number from 1, got 0`],
    [{ maxConcurrent: 1.5 }, `"maxConcurrent" must be 'auto' or a whole number from 1, got 1.5`],
    [{ maxConcurrent: NaN }, `"maxConcurrent" must be 'auto' or a whole number from 1, got NaN`],
    [{ requestsPerMinute: 0 }, `"requestsPerMinute" must be a number from 1, got 0`],
    [{ tokensPerMinute: -5 }, `"tokensPerMinute" must be a number from 1, got -5`],
    [{ tokensPerDay: NaN }, `"tokensPerDay" must be a number from 1, got NaN`],
    [{ inputTokensPerMinute: Infinity }, `"inputTokensPerMinute" must be a number from 1, got Infinity`],
  ])("refuses %j", (limits, message) => {
    expect(() => dimensionsOf(limits)).toThrow(new RangeError(`Cannot limit calls: ${message}`));
  });
});
