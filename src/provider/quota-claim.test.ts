import { describe, expect, it } from "vitest";
import { readErrorBody } from "./error-body.ts";
import { quotaClaim } from "./quota-claim.ts";

const day = 86_400_000;

describe("quotaClaim", () => {
  it.each([
    ["on tokens per min (TPM): Limit 30000, Used 28711, Requested 2415.", { limit: 30_000, requested: 2415 }],
    ["Limit 30000, Used 30000, Requested 4355. Please try again in 8.71s", { limit: 30_000, requested: 4355 }],
    ["Limit: 10,000 / min. Current: 10,020 / min.", { limit: 10_000 }],
    ["on requests per day (RPD): Limit 200, Used 200, Requested 1.", { limit: 200, requested: 1, periodMs: day }],
    ["on tokens per day (TPD): Limit 500000, Used 499999", { limit: 500_000, periodMs: day }],
    ["Limit: 200 / day", { limit: 200, periodMs: day }],
    ["on requests per hour (RPH): Limit 900", { limit: 900, periodMs: 3_600_000 }],
    ["on requests per second: Limit 5", { limit: 5, periodMs: 1000 }],
    ["your organization's rate limit of 30,000 input tokens per minute", { limit: 30_000, unit: "input" }],
    ["request reached organization max RPM: 20, please try again after 1 seconds", { limit: 20 }],
    ["reached organization TPM rate limit, current: 32001, limit: 32000", { limit: 32_000 }],
    ["Rate limit reached for gpt-4", undefined],
    ["", undefined],
  ])("reads %j", (message, expected) => {
    expect(quotaClaim({ message, body: undefined })).toEqual(expected);
  });

  it("reads Google's quota failure, and of several quotas the one of the day", () => {
    const violation = (quotaId: string, quotaValue: string) => ({ quotaId, quotaValue });
    const error = (...violations: readonly object[]) =>
      readErrorBody({
        error: {
          code: 429,
          message: "You exceeded your current quota, please check your plan and billing details.",
          status: "RESOURCE_EXHAUSTED",
          details: [
            { "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations: violations as never },
            { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "26s" },
          ],
        },
      });
    const minute = violation("GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "15");
    const daily = violation("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "250");
    expect(quotaClaim(error(minute))).toEqual({ limit: 15 });
    expect(quotaClaim(error(minute, daily))).toEqual({ limit: 250, periodMs: day });
    expect(quotaClaim(error(daily, minute))).toEqual({ limit: 250, periodMs: day });
    expect(quotaClaim(error({}))).toBeUndefined();
  });
});
