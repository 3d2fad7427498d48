import { describe, expect, it } from "vitest";
import { CallError, type CallErrorCode } from "../call/call-error.ts";
import { count, decide, type Decision, noFailures } from "./retry-decision.ts";
import { retryPolicy } from "./retry-options.ts";

const half = (): number => 0.5;

const policyOf = (retries: number) => retryPolicy({ retries, maxThrottles: 8 });

/** What is decided after each of `times` such failures. */
const decisions = (
  error: CallError,
  times: number,
  policy = policyOf(5),
  now: (nth: number) => number = () => 0,
): (Decision | undefined)[] => {
  const failures = noFailures();
  return Array.from({ length: times }, (_, nth) => {
    count(failures, error, policy, now(nth));
    return decide(error, failures, policy, half);
  });
};

const retriesOf = (code: CallErrorCode, retries = 5): number =>
  decisions(new CallError(code, "no"), 20, policyOf(retries)).filter((decision) => decision !== undefined).length;

describe("decide", () => {
  it.each<[CallErrorCode, number]>([
    ["throttled", 8],
    ["overloaded", 5],
    ["server", 5],
    ["network", 5],
    ["malformed", 5],
    ["timeout", 2],
    ["quota_exhausted", 0],
    ["too_large", 0],
    ["auth", 0],
    ["invalid_request", 0],
    ["context_length", 0],
    ["content_filter", 0],
    ["not_found", 0],
    ["interrupted", 0],
    ["schema", 0],
    ["cancelled", 0],
    ["budget", 0],
    ["queue_full", 0],
    ["closed", 0],
  ])("tries a call again after %s at most %d times", (code, times) => {
    expect(retriesOf(code)).toBe(times);
  });

  it("tries nothing again with no retries but what a 429 sent back", () => {
    expect([retriesOf("server", 0), retriesOf("timeout", 0), retriesOf("throttled", 0)]).toEqual([0, 0, 8]);
  });

  it("leaves the waiting after a 429 to the limiter", () => {
    const error = new CallError("throttled", "slow down", { retryAfterMs: 5000 });
    expect(decisions(error, 1)).toEqual([{ waitMs: 0, cost: 0, until: Infinity }]);
  });

  it("waits longer each time, and at least as long as the provider says", () => {
    const waits = (error: CallError): unknown => decisions(error, 4).map((decision) => decision?.waitMs);
    expect(waits(new CallError("server", "broken"))).toEqual([125, 250, 500, 1000]);
    expect(waits(new CallError("overloaded", "busy"))).toEqual([500, 1000, 2000, 4000]);
    expect(waits(new CallError("server", "broken", { retryAfterMs: 600 }))).toEqual([600, 600, 600, 1000]);
  });

  it.each([
    [new CallError("server", "broken"), 1],
    [new CallError("timeout", "too long"), 2],
    [new CallError("network", "refused", { unreachable: true }), 1],
  ])("makes a retry cost what the failure may have cost: %s", (error, cost) => {
    expect(decisions(error, 1)[0]?.cost).toBe(cost);
  });

  it("makes the first connection that fails again at once, and the next after a backoff", () => {
    const refused = new CallError("network", "refused", { unreachable: true });
    expect(decisions(refused, 6).map((decision) => decision?.waitMs)).toEqual([0, 250, 500, 1000, 2000, undefined]);
    expect(retriesOf("network", 0)).toBe(0);
  });

  it("waits for a used-up quota only when told to, until the provider's time, and counts no such wait", () => {
    const patient = retryPolicy({ retries: 0, onQuota: "wait" });
    const wait = (retryAfterMs?: number): (Decision | undefined)[] =>
      decisions(new CallError("quota_exhausted", "no", retryAfterMs === undefined ? {} : { retryAfterMs }), 3, patient);
    const until = 90_000_000;
    expect(wait(7_200_000)).toEqual(Array(3).fill({ waitMs: 7_200_000, cost: 0, until }));
    expect(wait()).toEqual(Array(3).fill({ waitMs: 600_000, cost: 0, until }));
    expect(wait(0)[0]?.waitMs).toBe(1000);
    expect(wait(90_000_001)).toEqual([undefined, undefined, undefined]);
  });

  it("counts the longest time from the first failure that counts, anew after a wait for a quota", () => {
    const patient = retryPolicy({ onQuota: "wait", maxTime: "1m" });
    const failures = noFailures();
    const untilAfter = (code: CallErrorCode, now: number): number | undefined => {
      const error = new CallError(code, "no");
      count(failures, error, patient, now);
      return decide(error, failures, patient, half)?.until;
    };
    expect(untilAfter("throttled", 0)).toBe(Infinity);
    expect(untilAfter("server", 5000)).toBe(65_000);
    expect(untilAfter("server", 9000)).toBe(65_000);
    expect(untilAfter("quota_exhausted", 10_000)).toBe(90_010_000);
    expect(untilAfter("quota_exhausted", 900_000)).toBe(90_010_000);
    expect(untilAfter("server", 1_500_000)).toBe(1_560_000);
  });

  it("does as the provider says, whatever the code", () => {
    expect(decisions(new CallError("server", "broken", { retryable: false }), 1)).toEqual([undefined]);
    expect(decisions(new CallError("auth", "no", { retryable: true }), 1)[0]?.cost).toBe(1);
  });
});

describe("retryPolicy", () => {
  it("takes a number for the retries, and has a default for the rest", () => {
    const defaults = { maxTimeMs: 1_800_000, maxThrottles: 50, onQuota: "fail", maxQuotaWaitMs: 90_000_000 };
    expect(retryPolicy()).toEqual({ retries: 5, ...defaults });
    expect(retryPolicy(0)).toEqual({ retries: 0, ...defaults });
    expect(retryPolicy({ maxTime: "2m", onEmptyBudget: "wait" })).toMatchObject({
      maxTimeMs: 120_000,
      onEmptyBudget: "wait",
    });
  });

  it.each([[-1], [1.5], [NaN], [{ maxThrottles: -1 }]])("refuses %j", (options) => {
    expect(() => retryPolicy(options)).toThrow(/must be a whole number from 0/);
  });

  it("refuses a choice that does not exist", () => {
    expect(() => retryPolicy({ onQuota: "park" as "wait" })).toThrow(
      'Cannot retry: "onQuota" must be "fail" or "wait", got "park"',
    );
  });
});
