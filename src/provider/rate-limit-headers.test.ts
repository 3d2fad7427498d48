import { describe, expect, it } from "vitest";
import { customVendor } from "./custom-vendor.ts";
import { readQuotas } from "./rate-limit-headers.ts";
import type { Vendor } from "./vendor.ts";
import { findVendor } from "./vendors.ts";

const vendor = (name: string): Vendor => findVendor(name) ?? expect.fail(`no vendor ${name}`);

describe("readQuotas", () => {
  it("reads requests and tokens with their resets", () => {
    const headers = {
      "x-ratelimit-limit-requests": "60",
      "x-ratelimit-remaining-requests": "59",
      "x-ratelimit-reset-requests": "1s",
      "x-ratelimit-limit-tokens": "150000",
      "x-ratelimit-remaining-tokens": "149984",
      "x-ratelimit-reset-tokens": "6m0s",
    };
    expect(readQuotas(headers, vendor("openai"))).toEqual([
      { unit: "request", limit: 60, remaining: 59, resetMs: 1000 },
      { unit: "total", limit: 150_000, remaining: 149_984, resetMs: 360_000 },
    ]);
  });

  it.each([
    ["120ms", 120],
    ["1.5s", 1500],
    ["8h12m3.5s", 29_523_500],
    ["12", 12_000],
    ["1795348800", undefined],
    ["2026-11-22T12:00:00Z", undefined],
  ])("reads a reset of %s", (reset, resetMs) => {
    const headers = { "x-ratelimit-remaining-tokens": "5", "x-ratelimit-reset-tokens": reset };
    expect(readQuotas(headers, vendor("openai"))?.[0]?.resetMs).toBe(resetMs);
  });

  it.each([
    ["2026-11-22T12:00:30Z", 25_000],
    ["2026-11-22T12:00:03Z", 0],
    ["1795348830", 25_000],
    ["1795348830000", 25_000],
    ["2030-01-01T00:00:00Z", undefined],
    ["never", undefined],
  ])("reads a reset at %s by the server's own clock", (reset, resetMs) => {
    const headers = {
      date: "Sun, 22 Nov 2026 12:00:05 GMT",
      "x-ratelimit-remaining-tokens": "5",
      "x-ratelimit-reset-tokens": reset,
    };
    expect(readQuotas(headers, vendor("openai"))?.[0]?.resetMs).toBe(resetMs);
  });

  it("drops figures that are not figures, and says nothing when none is left", () => {
    expect(readQuotas({ "x-ratelimit-remaining-tokens": "-1" }, vendor("openai"))).toBeUndefined();
    expect(readQuotas({ "x-ratelimit-remaining-tokens": "" }, vendor("openai"))).toBeUndefined();
    expect(readQuotas({ "x-ratelimit-remaining-tokens": "10, 20" }, vendor("openai"))).toBeUndefined();
    expect(readQuotas({ "x-ratelimit-reset-tokens": "1s" }, vendor("openai"))).toBeUndefined();
    expect(readQuotas({}, vendor("openai"))).toBeUndefined();
  });

  it.each(["0", "-1"])("believes nothing beside Azure's limit of %s", (limit) => {
    const headers = {
      "x-ratelimit-limit-requests": limit,
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-limit-tokens": "120000",
      "x-ratelimit-remaining-tokens": "-1",
      "x-ratelimit-reset-tokens": "37",
    };
    expect(readQuotas(headers, vendor("openai"))).toEqual([{ unit: "total", limit: 120_000, resetMs: 37_000 }]);
  });

  it("takes Groq's requests for those of a day", () => {
    const headers = {
      "x-ratelimit-limit-requests": "14400",
      "x-ratelimit-remaining-requests": "14370",
      "x-ratelimit-reset-requests": "2m59.56s",
      "x-ratelimit-limit-tokens": "18000",
      "x-ratelimit-remaining-tokens": "17997",
      "x-ratelimit-reset-tokens": "7.66s",
    };
    expect(readQuotas(headers, vendor("groq"))).toEqual([
      { unit: "request", limit: 14_400, remaining: 14_370, resetMs: 179_560, periodMs: 86_400_000 },
      { unit: "total", limit: 18_000, remaining: 17_997, resetMs: 7660 },
    ]);
  });

  it("reads Mistral's names", () => {
    const headers = { "x-ratelimit-limit-tokens-minute": "500000", "x-ratelimit-remaining-req-minute": "4" };
    expect(readQuotas(headers, vendor("mistral"))).toEqual([
      { unit: "request", remaining: 4 },
      { unit: "total", limit: 500_000 },
    ]);
  });

  it("reads the period in Cerebras' names", () => {
    const headers = {
      "x-ratelimit-limit-requests-day": "14400",
      "x-ratelimit-remaining-requests-day": "14399",
      "x-ratelimit-reset-requests-day": "33011.5",
      "x-ratelimit-limit-tokens-minute": "60000",
      "x-ratelimit-remaining-tokens-minute": "59000",
      "x-ratelimit-reset-tokens-minute": "11.5",
    };
    expect(readQuotas(headers, vendor("cerebras"))).toEqual([
      { unit: "total", limit: 60_000, remaining: 59_000, resetMs: 11_500 },
      { unit: "request", limit: 14_400, remaining: 14_399, resetMs: 33_011_500, periodMs: 86_400_000 },
    ]);
  });

  it("reads Anthropic's names, dates and thousands", () => {
    const figures = (name: string, limit: number, remaining: number) => ({
      [`anthropic-ratelimit-${name}-limit`]: String(limit),
      [`anthropic-ratelimit-${name}-remaining`]: String(remaining),
      [`anthropic-ratelimit-${name}-reset`]: "2026-11-22T17:00:04Z",
    });
    const headers = {
      date: "Sun, 22 Nov 2026 17:00:00 GMT",
      ...figures("requests", 1000, 999),
      ...figures("tokens", 2_400_000, 2_398_000),
      ...figures("input-tokens", 2_000_000, 1_999_000),
      ...figures("output-tokens", 400_000, 399_000),
    };
    expect(readQuotas(headers, customVendor)).toEqual([
      { unit: "request", limit: 1000, remaining: 999, resetMs: 4000 },
      { unit: "total", limit: 2_400_000, remaining: 2_398_000, resetMs: 4000, quantum: 1000 },
      { unit: "input", limit: 2_000_000, remaining: 1_999_000, resetMs: 4000, quantum: 1000 },
      { unit: "output", limit: 400_000, remaining: 399_000, resetMs: 4000, quantum: 1000 },
    ]);
  });

  it("never reads a date by our own clock", () => {
    const headers = {
      "anthropic-ratelimit-requests-remaining": "9",
      "anthropic-ratelimit-requests-reset": "2026-11-22T17:00:04Z",
    };
    expect(readQuotas(headers, customVendor)).toEqual([{ unit: "request", remaining: 9 }]);
  });
});
