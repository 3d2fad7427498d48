import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limitsText, mergedLimits, parseLimits } from "./remembered-limits.ts";

const dayMs = 24 * 3_600_000;
const now = Date.parse("2026-06-01");

describe("a file of learned limits", () => {
  it("says again what was written", () => {
    const limits = {
      maxConcurrent: 48,
      rates: { requestsPerMinute: { limit: 500 }, tokensPerMinute: { perMs: 3.25 } },
    };
    expect(parseLimits(limitsText({ a: { at: now, limits } }), now + dayMs)).toEqual({ a: { at: now, limits } });
  });

  it("forgets what is older than thirty days, and what is from a time to come", () => {
    const limits = { maxConcurrent: 4 };
    const text = limitsText({
      old: { at: now - 31 * dayMs, limits },
      young: { at: now - 29 * dayMs, limits },
      future: { at: now + 31 * dayMs, limits },
    });
    expect(Object.keys(parseLimits(text, now))).toEqual(["young"]);
  });

  it("keeps the two hundred accounts of late", () => {
    const accounts = Array.from(
      { length: 250 },
      (_, place) => [`account ${place}`, { at: now - place, limits: { maxConcurrent: 4 } }] as const,
    );
    const kept = Object.keys(parseLimits(limitsText(Object.fromEntries(accounts)), now));
    expect(kept).toEqual(accounts.slice(0, 200).map(([name]) => name));
  });

  it("leaves out what no limiter could begin with", () => {
    const accounts = {
      a: { at: now, limits: { maxConcurrent: 0.5, rates: { requestsPerMinute: { limit: -3, perMs: 1e-30 } } } },
      b: { at: now, limits: { maxConcurrent: "8", rates: { anythingPerMinute: { limit: 5 }, tokensPerDay: null } } },
      c: { at: "now", limits: { maxConcurrent: 8 } },
      d: { at: now, limits: { maxConcurrent: 8, rates: [] } },
    };
    expect(parseLimits(JSON.stringify({ version: 1, accounts }), now)).toEqual({
      d: { at: now, limits: { maxConcurrent: 8 } },
    });
    expect(parseLimits(JSON.stringify({ version: 2, accounts }), now)).toEqual({});
  });

  it("is read without a fault whatever it holds", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseLimits(text, now)).toEqual({});
        expect(parseLimits(`{"version":1,"accounts":${text}}`, now)).toEqual({});
      }),
    );
  });
});

describe("limits that a run has found", () => {
  it("replace those that were known, and leave the others", () => {
    const known = {
      maxConcurrent: 64,
      rates: { requestsPerMinute: { limit: 500 }, requestsPerDay: { limit: 10_000 } },
    };
    expect(mergedLimits(known, { rates: { requestsPerMinute: { limit: 600 } } }, false)).toEqual({
      maxConcurrent: 64,
      rates: { requestsPerMinute: { limit: 600 }, requestsPerDay: { limit: 10_000 } },
    });
    expect(mergedLimits(known, { maxConcurrent: 8 }, false)).toEqual({ ...known, maxConcurrent: 8 });
    expect(mergedLimits({}, { maxConcurrent: 8 }, false)).toEqual({ maxConcurrent: 8 });
  });

  it("do not lower a rate unless the provider has refused something", () => {
    const known = { rates: { requestsPerMinute: { perMs: 0.01 } } };
    const found = { rates: { requestsPerMinute: { perMs: 0.008 } } };
    expect(mergedLimits(known, found, false)).toEqual(known);
    expect(mergedLimits(known, found, true)).toEqual(found);
    expect(mergedLimits(found, known, false)).toEqual(known);
  });
});
