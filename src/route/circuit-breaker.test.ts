import { describe, expect, it } from "vitest";
import type { Rng } from "../time/rng.ts";
import type { BreakerOptions } from "./breaker-options.ts";
import { CircuitBreaker, type Entry, type Verdict } from "./circuit-breaker.ts";

/** A breaker that has seen a success, and a way to walk it through attempts. */
const world = (options: BreakerOptions = {}, rng: Rng = () => 0.5) => {
  const breaker = new CircuitBreaker({ rng, ...options });
  const begin = (now: number): Entry => {
    const entry = breaker.enter(now);
    if (entry === undefined) throw new Error(`nobody is let in at ${now}`);
    breaker.started(now, entry);
    return entry;
  };
  const attempt = (now: number, ...verdicts: readonly Verdict[]): void => {
    for (const verdict of verdicts) breaker.ended(now, begin(now), verdict);
  };
  return { breaker, begin, attempt };
};

const times = (count: number, verdict: Verdict): readonly Verdict[] => Array.from({ length: count }, () => verdict);

describe("CircuitBreaker", () => {
  it("opens when half of at least twenty attempts of the last minute failed", () => {
    const { breaker, attempt } = world();
    attempt(0, "succeeded");
    for (let pair = 0; pair < 9; pair++) attempt(pair, "succeeded", "failed");
    attempt(20, "succeeded");
    expect(breaker.state(20)).toBe("closed");
    attempt(20, "failed");
    expect(breaker.state(20)).toBe("open");
    expect(breaker.reason).toBe("10 of the last minute's 20 attempts failed");
  });

  it("forgets what is more than a minute old", () => {
    const { breaker, attempt } = world({ failuresInARow: 100 });
    attempt(0, "succeeded", ...times(19, "failed"));
    attempt(65_000, ...times(18, "failed"));
    expect(breaker.state(65_000)).toBe("closed");
  });

  it("opens after eight failures in a row, and after five connections in a row that could not be made", () => {
    const failing = world();
    failing.attempt(0, ...times(1000, "succeeded"), ...times(7, "failed"));
    expect(failing.breaker.state(0)).toBe("closed");
    failing.attempt(0, "failed");
    expect(failing.breaker.state(0)).toBe("open");
    const unreachable = world();
    unreachable.attempt(
      0,
      ...times(10, "succeeded"),
      ...times(4, "unreachable"),
      "answered",
      ...times(4, "unreachable"),
    );
    expect(unreachable.breaker.state(0)).toBe("closed");
    unreachable.attempt(0, "unreachable");
    expect(unreachable.breaker.reason).toBe("it could not be reached 5 times in a row");
  });

  it("never opens before anything has succeeded, and counts none of what failed before", () => {
    const { breaker, attempt } = world();
    attempt(0, ...times(200, "failed"), ...times(200, "unreachable"), "answered", "succeeded", ...times(7, "failed"));
    expect(breaker.state(0)).toBe("closed");
    attempt(0, "failed");
    expect(breaker.state(0)).toBe("open");
  });

  it("counts no 429 and no cancelled call", () => {
    const { breaker, attempt } = world();
    attempt(0, "succeeded", ...times(500, "unknown"));
    expect(breaker.state(0)).toBe("closed");
  });

  it("stays open 5 s, then twice as long after each try that fails, up to two minutes", () => {
    const { breaker, attempt } = world();
    attempt(0, ...times(1, "succeeded"), ...times(8, "failed"));
    let now = 0;
    for (const openMs of [5000, 10_000, 20_000, 40_000, 80_000, 120_000, 120_000]) {
      expect(breaker.retryAt(now) - now).toBe(openMs);
      expect(breaker.enter(now + openMs - 1)).toBeUndefined();
      now += openMs;
      attempt(now, "failed");
      expect(breaker.confirmed).toBe(true);
    }
  });

  it.each([
    [0, 4000],
    [1, 6000],
  ])("jitters by a fifth: chance %d opens it for %d ms", (chance, openMs) => {
    const { breaker, attempt } = world({}, () => chance);
    attempt(0, "succeeded", ...times(8, "failed"));
    expect(breaker.retryAt(0)).toBeCloseTo(openMs);
  });

  it("lets one in, then three, then a quarter, a half and all of the former crowd, and closes", () => {
    const { breaker, begin, attempt } = world();
    attempt(0, "succeeded");
    const crowd = Array.from({ length: 40 }, () => begin(0));
    for (const entry of crowd) breaker.ended(1, entry, "failed");
    let now = 10_000;
    for (const size of [1, 3, 10, 20, 40]) {
      const round = Array.from({ length: size }, () => begin(now));
      expect(breaker.state(now)).toBe("half-open");
      expect(breaker.enter(now)).toBeUndefined();
      now += 100;
      for (const entry of round) breaker.ended(now, entry, "succeeded");
    }
    expect(breaker.state(now)).toBe("closed");
    expect(breaker.confirmed).toBe(false);
  });

  it("gives a failed attempt's place in a round to another, unless half of them fail", () => {
    const { breaker, attempt } = world();
    attempt(0, "succeeded", ...times(8, "failed"));
    attempt(5000, "succeeded", "succeeded", "failed", "unknown", "succeeded", "succeeded");
    expect(breaker.state(5000)).toBe("half-open");
    attempt(5000, "failed", "failed");
    expect(breaker.state(5000)).toBe("open");
  });

  it("takes the first sign of life of a try for its success", () => {
    const { breaker, begin, attempt } = world();
    attempt(0, "succeeded", ...times(8, "failed"));
    const entry = begin(5000);
    breaker.alive(5100, entry);
    breaker.alive(5200, entry);
    const round = [begin(5200), begin(5200), begin(5200)];
    expect(breaker.enter(5200)).toBeUndefined();
    breaker.ended(5300, entry, "failed");
    for (const other of round) breaker.ended(5300, other, "succeeded");
    expect(breaker.state(5300)).toBe("half-open");
    expect(breaker.enter(5300)).toBeDefined();
  });

  it("takes a try that does not end for a failure, and gives the next one longer", () => {
    const { breaker, begin, attempt } = world();
    attempt(0, "succeeded", ...times(8, "failed"));
    const stuck = begin(5000);
    expect(breaker.state(14_999)).toBe("half-open");
    expect(breaker.state(15_000)).toBe("open");
    const second = begin(25_000);
    breaker.ended(25_001, stuck, "succeeded");
    expect(breaker.state(44_999)).toBe("half-open");
    breaker.ended(44_999, second, "succeeded");
    expect(breaker.retryAt(44_999)).toBe(44_999);
  });

  it("does not suspect the provider of what our own queue did", () => {
    const { breaker, attempt } = world();
    attempt(0, "succeeded", ...times(8, "failed"));
    const waiting = breaker.enter(5000);
    expect(breaker.state(15_000)).toBe("open");
    expect(breaker.confirmed).toBe(false);
    expect(breaker.retryAt(15_000)).toBe(20_000);
    if (waiting !== undefined) breaker.ended(16_000, waiting, "unknown");
    attempt(20_000, "succeeded");
    expect(breaker.state(20_000)).toBe("half-open");
  });

  it.each([
    [{ failureShare: 0 }, '"failureShare" must be above 0 and at most 1, got 0'],
    [{ minAttempts: 1.5 }, '"minAttempts" must be a whole number of at least 1, got 1.5'],
    [{ openMs: Infinity }, '"openMs" must be at least 1 millisecond, got Infinity'],
  ])("refuses %j", (options, message) => {
    expect(() => world(options)).toThrow(new RangeError(`Cannot make a breaker: ${message}`));
  });
});
