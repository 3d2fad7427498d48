import { describe, expect, it } from "vitest";
import { CallError, type CallErrorDetails } from "../call/call-error.ts";
import type { QuotaLevel } from "../call/limiter.ts";
import { amountsOf } from "./amounts.ts";
import type { LearnedLimits } from "./learned-limits.ts";
import type { Limits } from "./limits.ts";
import { QuotaSet } from "./quota-set.ts";

const amounts = amountsOf({ inputTokens: 100, outputTokens: 50 }, {});

const start = (quotas: QuotaSet, now: number, count = 1): void => {
  for (let taken = 0; taken < count; taken++) {
    for (const dimension of quotas.dimensions) dimension.take(now, amounts[dimension.unit]);
  }
};

const read = (quotas: QuotaSet, now: number, ...reading: QuotaLevel[]): void =>
  quotas.observe(now, now, amounts, reading);

/** Has every rate that is to blame take in the 429; true when there is one. */
const reject = (quotas: QuotaSet, now: number, details: CallErrorDetails, grant = 1): boolean => {
  const error = new CallError("throttled", "no", details);
  const blamed = quotas.blame(now, error);
  const { retryAfterMs: hintMs, quota: claim } = error;
  for (const rate of blamed) {
    rate.reject({ now, grant, newestGrant: grant, amount: amounts[rate.unit], hintMs, claim });
  }
  return blamed.length > 0;
};

const statsOf = (quotas: QuotaSet, now: number, name: keyof Limits) =>
  quotas.stats(now, undefined).find((stats) => stats.name === name);

describe("QuotaSet", () => {
  it("holds each configured limit, watches requests and tokens, and finds the concurrency itself by default", () => {
    const quotas = new QuotaSet({ requestsPerMinute: 60, outputTokensPerMinute: 500, requestsPerDay: 1000 });
    expect(quotas.dimensions.map(({ name }) => name).toSorted()).toEqual([
      "maxConcurrent",
      "outputTokensPerMinute",
      "requestsPerDay",
      "requestsPerMinute",
      "tokensPerMinute",
    ]);
    expect(quotas.adaptive).toBe(true);
    expect(quotas.stats(0, "requestsPerDay")).toMatchObject([
      { name: "maxConcurrent", value: 16, source: "learned", used: 0 },
      { name: "requestsPerMinute", value: 60, source: "configured", used: 0, periodMs: 60_000 },
      { name: "outputTokensPerMinute", value: 500, source: "configured", used: 0, periodMs: 60_000 },
      { name: "requestsPerDay", value: 1000, source: "configured", used: 0, periodMs: 86_400_000, binding: true },
    ]);
  });

  it("knows nothing that nobody told it", () => {
    const quotas = new QuotaSet();
    expect(quotas.stats(0, "maxConcurrent")).toEqual([
      { name: "maxConcurrent", value: 16, source: "learned", used: 0, binding: true },
    ]);
    expect([quotas.paces, quotas.knowledge]).toEqual([false, {}]);
    start(quotas, 0, 1000);
    expect(quotas.dimensions.slice(1).map((dimension) => dimension.waitMs(0, 1e9))).toEqual([0, 0]);
  });

  it("lets a day's quota be used at once", () => {
    const quotas = new QuotaSet({ maxConcurrent: 10_000, requestsPerDay: 1000 });
    start(quotas, 0, 1000);
    const day = quotas.dimensions.find(({ name }) => name === "requestsPerDay");
    expect(day?.waitMs(0, 1)).toBeGreaterThanOrEqual(86_400_000);
  });

  it("keeps what is in flight and what the concurrency has learned when limits change", () => {
    const quotas = new QuotaSet();
    start(quotas, 0);
    const [slots] = quotas.dimensions;
    quotas.configure(0, { requestsPerMinute: 60 });
    expect(quotas.dimensions[0]).toBe(slots);
    quotas.configure(0, { maxConcurrent: 3 });
    expect([quotas.concurrency, quotas.dimensions[0]?.used(0), quotas.adaptive]).toEqual([3, 1, false]);
    quotas.configure(0, { maxConcurrent: "auto" });
    expect([quotas.concurrency, quotas.dimensions[0]?.used(0), quotas.adaptive]).toEqual([3, 1, true]);
    quotas.configure(0, { maxConcurrent: { min: 20, max: 30 } });
    expect([quotas.concurrency, quotas.dimensions[0]?.used(0)]).toEqual([20, 1]);
  });

  it("counts what was started before a limit was added", () => {
    const quotas = new QuotaSet({ maxConcurrent: 1000 });
    start(quotas, 1000, 7);
    quotas.configure(30_000, { tokensPerMinute: 2000 });
    expect(statsOf(quotas, 30_000, "tokensPerMinute")?.used).toBe(1050);
    quotas.configure(31_000, { tokensPerDay: 10_000 });
    expect(statsOf(quotas, 31_000, "tokensPerDay")?.used).toBe(1050);
  });

  it("learns limits from headers, those of a day apart from those of a minute", () => {
    const quotas = new QuotaSet();
    read(
      quotas,
      0,
      { unit: "request", limit: 500 },
      { unit: "input", limit: 30_000, remaining: 29_000, resetMs: 2000 },
    );
    read(quotas, 0, { unit: "request", limit: 14_400, remaining: 14_000, resetMs: 2_400_000 });
    expect(quotas.stats(0, undefined).slice(1)).toMatchObject([
      { name: "requestsPerMinute", value: 500, source: "header", used: 0, periodMs: 60_000 },
      { name: "inputTokensPerMinute", value: 30_000, source: "header", used: 0, periodMs: 60_000 },
      { name: "requestsPerDay", value: 14_400, source: "header", used: 0, periodMs: 86_400_000 },
    ]);
    expect(quotas.paces).toBe(true);
  });

  it.each([[[0, 1]], [[1, 0]]])(
    "takes the tighter one of two levels of one unit in one answer, in the order %j",
    (order) => {
      const quotas = new QuotaSet();
      const organisation: QuotaLevel = { unit: "total", limit: 60_000, remaining: 0, resetMs: 60_000 };
      const project: QuotaLevel = { unit: "total", limit: 600_000, remaining: 590_000, resetMs: 1000 };
      const levels = [organisation, project];
      read(quotas, 0, ...order.flatMap((index) => levels[index] ?? []));
      expect(statsOf(quotas, 0, "tokensPerMinute")).toMatchObject({ value: 60_000, source: "header" });
      const rate = quotas.dimensions.find(({ name }) => name === "tokensPerMinute");
      expect(rate?.waitMs(0, 100)).toBeGreaterThan(0);
    },
  );

  it("takes a reset of a little more than a minute for a minute's quota", () => {
    const quotas = new QuotaSet();
    read(quotas, 0, { unit: "request", limit: 600, remaining: 0, resetMs: 62_000 });
    expect(quotas.stats(0, undefined).map(({ name }) => name)).toEqual(["maxConcurrent", "requestsPerMinute"]);
  });

  it("cuts a mere guess of the output to a part of what only headers tell, and to no input limit", () => {
    const guess = { inputTokens: 100, outputTokens: 50_000, outputIsGuess: true };
    const told = new QuotaSet();
    read(told, 0, { unit: "total", limit: 6000 }, { unit: "input", limit: 200 });
    expect(told.amountsOf(guess)).toMatchObject({ input: 100, output: 1500, total: 1600 });
    expect(told.amountsOf({ ...guess, outputIsGuess: false }).output).toBe(50_000);
    const configured = new QuotaSet({ tokensPerMinute: 6000 });
    expect(configured.amountsOf(guess).total).toBe(6000);
  });

  it("shows the smaller one of what is configured and what the provider says", () => {
    const quotas = new QuotaSet({ tokensPerMinute: 50_000, requestsPerMinute: 100 });
    read(quotas, 0, { unit: "total", limit: 30_000 }, { unit: "request", limit: 500 });
    expect(statsOf(quotas, 0, "tokensPerMinute")).toMatchObject({ value: 30_000, source: "header" });
    expect(statsOf(quotas, 0, "requestsPerMinute")).toMatchObject({ value: 100, source: "configured" });
  });

  it("takes the largest share of a limit for the cost of a call", () => {
    const quotas = new QuotaSet({ maxConcurrent: 10, tokensPerMinute: 1000, requestsPerMinute: 100 });
    expect(quotas.shareOf(amounts)).toBe(0.15);
    quotas.configure(0, { tokensPerMinute: 100_000 });
    expect(quotas.shareOf(amounts)).toBe(0.1);
  });

  it.each([
    [{ maxConcurrent: 0 }, `"maxConcurrent" must be 'auto', a whole number from 1, or { min, max }, got 0`],
    [{ maxConcurrent: 1.5 }, `"maxConcurrent" must be 'auto', a whole number from 1, or { min, max }, got 1.5`],
    [
      { maxConcurrent: { min: 5, max: 4 } },
      `"maxConcurrent" must have whole numbers from 1 with min <= max, got { min: 5, max: 4 }`,
    ],
    [{ requestsPerMinute: 0 }, `"requestsPerMinute" must be a number from 1, got 0`],
    [{ tokensPerMinute: -5 }, `"tokensPerMinute" must be a number from 1, got -5`],
    [{ tokensPerDay: NaN }, `"tokensPerDay" must be a number from 1, got NaN`],
    [{ inputTokensPerMinute: Infinity }, `"inputTokensPerMinute" must be a number from 1, got Infinity`],
  ])("refuses %j and changes nothing", (limits, message) => {
    const quotas = new QuotaSet({ maxConcurrent: 7 });
    expect(() => new QuotaSet(limits)).toThrow(new RangeError(`Cannot limit calls: ${message}`));
    expect(() => quotas.configure(0, { outputTokensPerMinute: 5, ...limits })).toThrow(RangeError);
    expect(quotas.limits).toEqual({ maxConcurrent: 7 });
    expect(quotas.dimensions).toHaveLength(3);
  });
});

describe("QuotaSet, after a 429", () => {
  it("blames the rate that the provider names, and none for too many calls at once", () => {
    const quotas = new QuotaSet({ requestsPerMinute: 60, tokensPerMinute: 60_000 });
    start(quotas, 0, 60);
    expect(reject(quotas, 0, { exceeded: "concurrency" })).toBe(false);
    expect(reject(quotas, 0, { exceeded: "tokens", retryAfterMs: 3000 })).toBe(true);
    expect(quotas.dimensions.filter(({ heldUntil }) => heldUntil > 0).map(({ name }) => name)).toEqual([
      "tokensPerMinute",
    ]);
  });

  it("blames those that were nearly used up when nothing is named, and otherwise none", () => {
    const quotas = new QuotaSet({ requestsPerMinute: 10, tokensPerMinute: 60_000 });
    start(quotas, 0, 7);
    expect(reject(quotas, 0, { retryAfterMs: 3000 })).toBe(false);
    start(quotas, 0);
    expect(reject(quotas, 0, { retryAfterMs: 3000 })).toBe(true);
    expect(quotas.dimensions.filter(({ heldUntil }) => heldUntil > 0).map(({ name }) => name)).toEqual([
      "requestsPerMinute",
    ]);
  });

  it("learns a rate that nobody told from a 429 that names its kind", () => {
    const quotas = new QuotaSet();
    for (let now = 0; now < 10_000; now += 100) start(quotas, now);
    expect(reject(quotas, 10_000, { exceeded: "requests" })).toBe(true);
    const learned = statsOf(quotas, 10_000, "requestsPerMinute");
    expect(learned).toMatchObject({ source: "learned", periodMs: 60_000 });
    expect(learned?.value).toBeGreaterThan(420);
    expect(learned?.value).toBeLessThan(600);
  });

  it("believes the limit that the error names", () => {
    const quotas = new QuotaSet();
    start(quotas, 0);
    reject(quotas, 0, { exceeded: "tokens", quota: { limit: 30_000, requested: 150 } });
    expect(statsOf(quotas, 0, "tokensPerMinute")).toMatchObject({ value: 30_000, source: "learned" });
    expect(statsOf(quotas, 0, "requestsPerMinute")).toBeUndefined();
  });
});

describe("QuotaSet, in a next run", () => {
  it("goes on from what it has learned", () => {
    const first = new QuotaSet();
    for (let now = 0; now < 10_000; now += 100) start(first, now);
    reject(first, 10_000, { exceeded: "requests" });
    read(first, 10_000, { unit: "total", limit: 30_000 });
    const { knowledge } = first;
    expect(JSON.parse(JSON.stringify(knowledge))).toEqual(knowledge);
    const second = new QuotaSet({}, knowledge);
    expect(statsOf(second, 0, "tokensPerMinute")).toMatchObject({ value: 30_000 });
    const before = statsOf(first, 10_000, "requestsPerMinute")?.value ?? 0;
    const after = statsOf(second, 0, "requestsPerMinute")?.value ?? 0;
    expect(after / before).toBeCloseTo(0.8, 2);
  });

  it("begins a little below the concurrency that it has found, within its bounds", () => {
    expect(new QuotaSet({}, { maxConcurrent: 100 }).concurrency).toBe(80);
    expect(new QuotaSet({ maxConcurrent: { max: 50 } }, { maxConcurrent: 100 }).concurrency).toBe(50);
    expect(new QuotaSet({ maxConcurrent: 3 }, { maxConcurrent: 100 }).concurrency).toBe(3);
  });

  it("prefers what is configured to what was learned, where that is less", () => {
    const quotas = new QuotaSet({ tokensPerMinute: 20_000 }, { rates: { tokensPerMinute: { limit: 30_000 } } });
    expect(statsOf(quotas, 0, "tokensPerMinute")).toMatchObject({ value: 20_000, source: "configured" });
  });

  it.each([
    [
      { rates: { tokensPerMinute: { limit: NaN } } },
      `"learnedLimits.rates.tokensPerMinute.limit" must be a number from 1, got NaN`,
    ],
    [
      { rates: { tokensPerMinute: { perMs: 0 } } },
      `"learnedLimits.rates.tokensPerMinute.perMs" must be a number above 0, got 0`,
    ],
    [
      { rates: { requestsPerDay: { limit: "many" } } },
      `"learnedLimits.rates.requestsPerDay.limit" must be a number from 1, got "many"`,
    ],
    [{ maxConcurrent: -3 }, `"learnedLimits.maxConcurrent" must be a number from 1, got -3`],
    [{ rates: { tokensPerYear: { limit: 5 } } }, `"learnedLimits.rates" has no option "tokensPerYear"`],
    [{ rates: [] }, `"learnedLimits.rates" must be an object, got []`],
    [{ rates: { requestsPerMinute: null } }, `"learnedLimits.rates.requestsPerMinute" must be an object, got null`],
    [null, `"learnedLimits" must be an object, got null`],
  ])("refuses what was damaged: %j", (learned, message) => {
    const begin = (): unknown => new QuotaSet({}, learned as LearnedLimits);
    expect(begin).toThrow(`Cannot begin with what was learned: ${message}`);
  });
});
