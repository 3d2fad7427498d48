import { describe, expect, it } from "vitest";
import type { JsonValue } from "../call/json.ts";
import { exceededQuota } from "./exceeded-quota.ts";

const googleDetails = (quotaId: string): JsonValue => [{ violations: [{ quotaId, quotaValue: "15" }] }];

describe("exceededQuota", () => {
  it.each([
    [{ type: "tokens", message: "Rate limit reached for m on tokens per min (TPM): Limit 30000" }, "tokens"],
    [{ type: "requests", message: "Rate limit reached for m on requests per min (RPM): Limit 500" }, "requests"],
    [{ type: "requests", message: "Rate limit reached for m on concurrent requests: Limit 8" }, "concurrency"],
    [{ code: "1302", message: "您当前使用该API的并发数过高，请降低并发，或联系客服增加限额" }, "concurrency"],
    [{ type: "rate_limit_reached_error", message: "Your account reached max request concurrency: 1" }, "concurrency"],
    [{ type: "rate_limit_reached_error", message: "reached organization TPM rate limit, current: 32001" }, "tokens"],
    [{ message: "on output tokens per minute (OTPM): Limit 8000" }, "tokens"],
    [{ message: "have exceeded token rate limit of your current OpenAI S0 pricing tier" }, "tokens"],
    [{ message: "have exceeded call rate limit of your current OpenAI S0 pricing tier" }, "requests"],
    [{ code: "RateLimitExceeded.EndpointTPMExceeded", message: "" }, "tokens"],
    [{ message: "", details: googleDetails("GenerateContentInputTokensPerModelPerMinute-FreeTier") }, "tokens"],
    [{ message: "", details: googleDetails("GenerateRequestsPerMinutePerProjectPerModel-FreeTier") }, "requests"],
    [{ message: "Too many requests" }, undefined],
  ])("reads %o as %s", (error, expected) => {
    expect(exceededQuota({ body: undefined, ...error })).toBe(expected);
  });
});
