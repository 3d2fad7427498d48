import { describe, expect, it } from "vitest";
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

  it("drops figures that are not figures, and says nothing when none is left", () => {
    expect(readQuotas({ "x-ratelimit-remaining-tokens": "-1" }, vendor("openai"))).toBeUndefined();
    expect(readQuotas({ "x-ratelimit-reset-tokens": "1s" }, vendor("openai"))).toBeUndefined();
    expect(readQuotas({}, vendor("openai"))).toBeUndefined();
  });

  it("does not take Groq's requests of a day for requests of a minute", () => {
    const headers = { "x-ratelimit-remaining-requests": "14000", "x-ratelimit-remaining-tokens": "9" };
    expect(readQuotas(headers, vendor("groq"))).toEqual([{ unit: "total", remaining: 9 }]);
  });

  it("reads Mistral's names", () => {
    const headers = { "x-ratelimit-limit-tokens-minute": "500000", "x-ratelimit-remaining-req-minute": "4" };
    expect(readQuotas(headers, vendor("mistral"))).toEqual([
      { unit: "request", remaining: 4 },
      { unit: "total", limit: 500_000 },
    ]);
  });
});
