import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { QuotaLevel } from "../call/limiter.ts";
import { RateQuota } from "./rate-quota.ts";

const minute = 60_000;

const tokens = (configured?: number): RateQuota => {
  const quota = new RateQuota({ name: "tokensPerMinute", unit: "total", periodMs: minute });
  if (configured !== undefined) quota.configure(0, configured);
  return quota;
};

interface Booked {
  readonly at: number;
  readonly taken: number;
  counts: number;
  settled: boolean;
}

/** What happens next: time passes, and then a start, an end, headers, or a 429. */
const step = fc.record({
  gapMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 90_000 })),
  what: fc.constantFrom("start", "start", "start", "waited", "waited", "settle", "headers", "refused"),
  amount: fc.integer({ min: 0, max: 1000 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  told: fc.integer({ min: 1, max: 1_000_000 }),
  resetMs: fc.integer({ min: 0, max: minute }),
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Does what a step says and returns the time after it. */
const follow = (quota: RateQuota, books: Booked[], grants: number, before: number, next: Step): number => {
  const { what, amount, share, told, resetMs } = next;
  let now = before + next.gapMs;
  if (what === "settle") {
    const open = books.find(({ settled }) => !settled);
    if (open === undefined) return now;
    open.settled = true;
    open.counts = Math.floor(open.taken * share);
    quota.settle(now, open.at, open.taken, open.counts);
  } else if (what === "headers") {
    quota.observe(now, Math.max(0, now - 700), 0, {
      unit: "total",
      limit: told,
      remaining: Math.floor(told * share),
      resetMs,
    });
  } else if (what === "refused") {
    const hintMs = share < 0.5 ? undefined : resetMs;
    quota.reject({
      now,
      grant: grants,
      newestGrant: grants,
      amount,
      hintMs,
      claim: share < 0.2 ? { limit: told } : undefined,
    });
  } else {
    const waits = what === "waited";
    for (let turns = 0; waits && turns < 200 && quota.waitMs(now, amount) > 0; turns++)
      now += Math.max(1, quota.waitMs(now, amount));
    if (quota.waitMs(now, amount) > 0) return now;
    quota.take(now, amount);
    books.push({ at: now, taken: amount, counts: amount, settled: false });
  }
  return now;
};

describe("RateQuota, configured", () => {
  it("lets no more than the limit start in any period, whatever headers and 429s say", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 150, size: "max" }),
        fc.integer({ min: 1000, max: 5000 }),
        (steps, limit) => {
          const quota = tokens(limit);
          const books: Booked[] = [];
          let now = 0;
          for (const [index, next] of steps.entries()) {
            const started = books.length;
            now = follow(quota, books, index + 1, now, next);
            if (books.length === started) continue;
            const within = books.filter(({ at }) => at > now - minute).reduce((sum, { counts }) => sum + counts, 0);
            expect(within).toBeLessThanOrEqual(limit);
          }
        },
      ),
    );
  });

  it("gives no credit for a header that is far above it", () => {
    const quota = tokens(6000);
    for (let second = 0; second < 20; second++) {
      const remaining = 1_000_000 - 1500 * second;
      quota.observe(second * 1000, second * 1000, 0, {
        unit: "total",
        limit: 1_000_000,
        remaining,
        resetMs: (1_000_000 - remaining) * 0.06,
      });
    }
    let started = 0;
    for (; quota.waitMs(20_000, 50) === 0; started += 50) quota.take(20_000, 50);
    expect(started).toBeLessThanOrEqual(150);
    expect(quota.limit).toBe(6000);
  });

  it("does not spend the level of another, higher limit than the one that counts", () => {
    const quota = tokens();
    quota.observe(0, 0, 0, { unit: "total", limit: 6000, remaining: 0, resetMs: minute });
    const before = quota.waitMs(0, 100);
    quota.observe(1, 1, 0, { unit: "total", limit: 600_000, remaining: 590_000, resetMs: 1000 });
    expect([quota.limit, before > 0, quota.waitMs(1, 100) > 0]).toEqual([6000, true, true]);
  });

  it("keeps below a header that is below it", () => {
    const quota = tokens(60_000);
    quota.observe(0, 0, 0, { unit: "total", limit: 6000 });
    expect(quota.limit).toBe(6000);
    let started = 0;
    for (let now = 0; now < minute; now += 10) {
      for (; quota.waitMs(now, 50) === 0; started += 50) quota.take(now, 50);
    }
    expect(started).toBeLessThanOrEqual(6100);
    expect(started).toBeGreaterThanOrEqual(5900);
    expect(quota.largest).toBe(60_000);
  });

  it("counts what was started before it was configured, or configured anew", () => {
    const quota = tokens();
    for (let now = 0; now < 10_000; now += 1000) quota.take(now, 100);
    quota.configure(10_000, 1000);
    expect(quota.waitMs(10_000, 1)).toBeGreaterThan(50_000);
    quota.configure(11_000, 2000);
    expect(quota.used(11_000)).toBe(1000);
    quota.settle(12_000, 5000, 100, 0);
    expect(quota.used(12_000)).toBe(900);
  });

  it("counts with the ledger of a sibling that counts the same unit", () => {
    const sibling = tokens();
    sibling.take(0, 500);
    const daily = new RateQuota({ name: "tokensPerDay", unit: "total", periodMs: 86_400_000, ledger: sibling.ledger });
    daily.configure(1000, 800);
    expect([daily.waitMs(1000, 300), daily.waitMs(1000, 301) > 0]).toEqual([0, true]);
  });

  it("gives nothing back for what was started before it counted", () => {
    const quota = new RateQuota({ name: "tokensPerMinute", unit: "total", periodMs: minute, since: 5000 });
    quota.configure(5000, 1000);
    quota.take(6000, 900);
    quota.settle(7000, 4000, 800, 0);
    expect(quota.used(7000)).toBe(900);
  });
});

describe("RateQuota, found out", () => {
  it("keeps nothing apart until somebody tells or refuses", () => {
    const quota = tokens();
    quota.take(0, 1e9);
    expect([quota.waitMs(0, 1e9), quota.limit, quota.largest, quota.paces]).toEqual([0, undefined, Infinity, false]);
    expect([quota.stats(0, false), quota.knowledge]).toEqual([undefined, undefined]);
  });

  it("believes the limit in a 429, if it is of the same period", () => {
    const quota = tokens();
    quota.reject({
      now: 0,
      grant: 1,
      newestGrant: 1,
      amount: 10,
      hintMs: undefined,
      claim: { limit: 500, periodMs: 86_400_000 },
    });
    expect(quota.limit).toBeUndefined();
    quota.reject({ now: 0, grant: 2, newestGrant: 2, amount: 10, hintMs: undefined, claim: { limit: 500 } });
    expect(quota.limit).toBe(500);
  });

  it("keeps to what an error claims, whatever higher limit the headers state", () => {
    const quota = tokens();
    const state = (now: number): void =>
      quota.observe(now, now, 0, { unit: "total", limit: 6000, remaining: 5900, resetMs: 1000 });
    state(0);
    quota.reject({ now: 10, grant: 1, newestGrant: 1, amount: 10, hintMs: undefined, claim: { limit: 500 } });
    let started = 0;
    for (let now = 20; now < minute; now += 20) {
      state(now);
      for (; quota.waitMs(now, 50) === 0; started += 50) quota.take(now, 50);
    }
    expect([quota.limit, quota.stats(minute, false)?.source]).toEqual([500, "learned"]);
    expect(started).toBeLessThanOrEqual(500);
    expect(quota.knowledge).toEqual({ limit: 6000 });
  });

  it("doubts headers that always show room once a 429 has come all the same, and finds the rate", () => {
    const quota = tokens();
    const real = 60_000;
    let [level, refused, accepted] = [real / 6, 0, 0];
    for (let now = 0, grant = 1; now < 20 * minute; now += 100) {
      level = Math.min(real / 6, level + (100 * real) / minute);
      for (let starts = 0; starts < 50 && quota.waitMs(now, 200) === 0; starts++, grant++) {
        quota.take(now, 200);
        const fits = level >= 200;
        if (fits) {
          level -= 200;
          accepted += 200;
          quota.observe(now, now, 200, { unit: "total", limit: 60 * real, remaining: 60 * real, resetMs: 0 });
          continue;
        }
        refused += 1;
        quota.settle(now, now, 200, 0);
        quota.reject({ now, grant, newestGrant: grant, amount: 200, hintMs: undefined, claim: undefined });
      }
    }
    expect(refused / (accepted / 200)).toBeLessThan(0.05);
    expect(accepted).toBeGreaterThan(0.8 * 20 * real);
  });

  it("ignores a limit of 0 or less, which some providers send", () => {
    const quota = tokens();
    for (const limit of [0, -1, NaN]) quota.observe(0, 0, 0, { unit: "total", limit, remaining: 0 });
    expect([quota.limit, quota.waitMs(0, 100)]).toEqual([undefined, 0]);
  });

  it("is held as long as the provider says, two minutes at most, and lets through what takes nothing of it", () => {
    const quota = tokens(60_000);
    quota.reject({ now: 1000, grant: 1, newestGrant: 1, amount: 10, hintMs: 7000, claim: undefined });
    expect([quota.heldUntil, quota.waitMs(1000, 1) >= 7000, quota.waitMs(1000, 0)]).toEqual([8000, true, 0]);
    quota.reject({ now: 1000, grant: 1, newestGrant: 1, amount: 10, hintMs: 9_000_000, claim: undefined });
    expect(quota.heldUntil).toBe(121_000);
    quota.reject({ now: 1000, grant: 1, newestGrant: 1, amount: 10, hintMs: 5, claim: undefined });
    expect(quota.heldUntil).toBe(121_000);
  });

  it("begins below what was accepted when only 429s tell", () => {
    const quota = tokens();
    for (let now = 0; now < 20_000; now += 100) quota.take(now, 100);
    for (let refused = 0; refused < 20; refused++) {
      quota.reject({
        now: 20_000,
        grant: 200 - refused,
        newestGrant: 200,
        amount: 100,
        hintMs: undefined,
        claim: undefined,
      });
    }
    const { value = 0, source } = quota.stats(20_000, false) ?? {};
    expect(source).toBe("learned");
    expect(value / minute).toBeLessThanOrEqual(0.8);
    expect(value / minute).toBeGreaterThan(0.5);
  });

  it("spends a bucket that is seen to be full, and then keeps to its rate, without running it dry", () => {
    const quota = tokens();
    const depth = 60_000;
    let level = depth;
    let least = depth;
    let taken = 0;
    const answers: { readonly due: number; readonly sentAt: number; readonly reading: QuotaLevel }[] = [];
    for (let now = 0; now < 5 * minute; now += 50) {
      level = Math.min(depth, level + 50);
      for (; (answers[0]?.due ?? Infinity) <= now; answers.shift()) {
        const answer = answers[0];
        if (answer !== undefined) quota.observe(now, answer.sentAt, 200, answer.reading);
      }
      for (let starts = 0; starts < 20 && quota.waitMs(now, 200) === 0; starts++) {
        quota.take(now, 200);
        taken += 200;
        level -= 200;
        const reading: QuotaLevel = { unit: "total", limit: depth, remaining: level, resetMs: depth - level };
        answers.push({ due: now + 500, sentAt: now, reading });
      }
      least = Math.min(least, level);
    }
    expect(least).toBeGreaterThanOrEqual(0);
    expect(taken).toBeGreaterThan(0.98 * (5 * minute + depth));
    expect(quota.stats(5 * minute, false)).toMatchObject({ value: depth, source: "header", burst: depth });
  });
});
