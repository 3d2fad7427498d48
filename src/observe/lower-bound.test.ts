import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exactLowerBound, type KnownCall, type Rate, type WorkLimits } from "./lower-bound.ts";

const perMinute = (unit: Rate["unit"], limit: number, burst?: number): Rate => ({
  name: unit,
  unit,
  limit,
  periodMs: 60_000,
  ...(burst === undefined ? {} : { burst }),
});

const latencies = fc.double({ min: 1, max: 60_000, noNaN: true });
const amounts = fc.integer({ min: 0, max: 400 });
const calls = fc.array(fc.record({ latencyMs: latencies, input: amounts, output: amounts }), {
  minLength: 1,
  maxLength: 40,
});

const costOf = (
  { request = 1, input = 0, output = 0, total = input + output }: KnownCall,
  unit: Rate["unit"],
): number => ({ request, input, output, total })[unit];

/** A provider's bucket: what is larger than it is let in when it is full, and leaves debt. */
const bucket = ({ unit, limit, periodMs, burst = limit }: Rate) => {
  let level = burst;
  let since = 0;
  const levelAt = (at: number): number => Math.min(burst, level + ((at - since) * limit) / periodMs);
  return {
    startAt: (now: number, call: KnownCall): number => {
      const missing = Math.min(costOf(call, unit), burst) - levelAt(now);
      return missing > 0 ? now + (missing * periodMs) / limit : now;
    },
    take: (at: number, call: KnownCall): void => {
      level = levelAt(at) - costOf(call, unit);
      since = at;
    },
  };
};

/** When the last answer is there, if the calls are admitted in this order, each as soon as all limits have room. */
const makespan = (ordered: readonly KnownCall[], { rates = [], slots = Infinity }: WorkLimits): number => {
  const buckets = rates.map(bucket);
  const running: number[] = [];
  let now = 0;
  let end = 0;
  for (const call of ordered) {
    if (running.length >= slots) now = Math.max(now, running.sort((a, b) => a - b).shift() ?? 0);
    for (const one of buckets) now = Math.max(now, one.startAt(now, call));
    for (const one of buckets) one.take(now, call);
    running.push(now + call.latencyMs);
    end = Math.max(end, now + call.latencyMs);
  }
  return end;
};

const permutations = <T>(items: readonly T[]): T[][] =>
  items.length <= 1
    ? [[...items]]
    : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));

describe("the lower bound", () => {
  it("is what the limits say in simple cases", () => {
    const thousand = Array.from({ length: 1000 }, () => ({ latencyMs: 2000, input: 600, output: 400 }));
    const bound = (limits: WorkLimits): unknown => exactLowerBound({ calls: thousand, ...limits });
    expect(bound({})).toEqual({ lowerBoundMs: 2000, boundBy: "latency" });
    expect(bound({ slots: 10 })).toEqual({ lowerBoundMs: 200_000, boundBy: "maxConcurrent" });
    expect(bound({ rates: [perMinute("request", 100)] })).toEqual({ lowerBoundMs: 542_000, boundBy: "request" });
    expect(bound({ rates: [perMinute("request", 100, 0)] })).toEqual({ lowerBoundMs: 601_400, boundBy: "request" });
    expect(bound({ slots: 10, rates: [perMinute("request", 600), perMinute("total", 100_000)] })).toEqual({
      lowerBoundMs: 542_000,
      boundBy: "total",
    });
    expect(exactLowerBound({ calls: [] })).toEqual({ lowerBoundMs: 0, boundBy: "latency" });
  });

  it("is reached by the best of all orders under one rate, and by longest first", () => {
    const few = fc.array(fc.record({ latencyMs: latencies, input: amounts }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        few,
        fc.integer({ min: 400, max: 5000 }),
        fc.integer({ min: 400, max: 2000 }),
        (list, limit, burst) => {
          const limits = { rates: [perMinute("input", limit, burst)] };
          const { lowerBoundMs } = exactLowerBound({ calls: list, ...limits });
          const best = Math.min(...permutations(list).map((order) => makespan(order, limits)));
          expect(best).toBeCloseTo(lowerBoundMs, 3);
          const longestFirst = list.toSorted((a, b) => b.latencyMs - a.latencyMs);
          expect(makespan(longestFirst, limits)).toBeCloseTo(lowerBoundMs, 3);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("is below every schedule, with several rates, slots and calls larger than a bucket", () => {
    const rate = fc.record({
      unit: fc.constantFrom("request", "input", "output", "total" as const),
      limit: fc.integer({ min: 1, max: 3000 }),
      burst: fc.integer({ min: 1, max: 1000 }),
    });
    const rates = fc.array(rate, { maxLength: 4 });
    fc.assert(
      fc.property(calls, rates, fc.integer({ min: 1, max: 50 }), (list, some, slots) => {
        const limits = { slots, rates: some.map(({ unit, limit, burst }) => perMinute(unit, limit, burst)) };
        const { lowerBoundMs } = exactLowerBound({ calls: list, ...limits });
        expect(makespan(list, limits)).toBeGreaterThanOrEqual(lowerBoundMs * (1 - 1e-9));
      }),
    );
  });

  it("is below every schedule that a hard cap in any rolling period allows", () => {
    fc.assert(
      fc.property(calls, fc.integer({ min: 400, max: 2000 }), (list, limit) => {
        const taken: { readonly at: number; readonly cost: number }[] = [];
        let now = 0;
        let end = 0;
        for (const { latencyMs, input } of list) {
          const inPeriod = (): number => taken.reduce((sum, { at, cost }) => sum + (at > now - 60_000 ? cost : 0), 0);
          while (inPeriod() + input > limit) {
            now = Math.min(...taken.map(({ at }) => at + 60_000).filter((at) => at > now));
          }
          taken.push({ at: now, cost: input });
          end = Math.max(end, now + latencyMs);
        }
        const { lowerBoundMs } = exactLowerBound({ calls: list, rates: [perMinute("input", limit)] });
        expect(end).toBeGreaterThanOrEqual(lowerBoundMs * (1 - 1e-9));
      }),
    );
  });

  it("takes a million calls in a moment", () => {
    const many = Array.from({ length: 1_000_000 }, (_, index) => ({ latencyMs: (index * 7919) % 30_011, input: 100 }));
    const { lowerBoundMs } = exactLowerBound({ calls: many, rates: [perMinute("input", 1_000_000)] });
    expect(lowerBoundMs).toBeCloseTo(99 * 60_000, -3);
  });
});
