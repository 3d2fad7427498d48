import { describe, expect, it } from "vitest";
import { exceededQuota } from "./exceeded-quota.ts";

describe("exceededQuota", () => {
  it.each([
    [{ type: "tokens", message: "Rate limit reached for m on tokens per min (TPM): Limit 30000" }, "tokens"],
    [{ type: "requests", message: "Rate limit reached for m on requests per min (RPM): Limit 500" }, "requests"],
    [{ type: "requests", message: "Rate limit reached for m on concurrent requests: Limit 8" }, "concurrency"],
    [{ code: "1302", message: "您当前使用该API的并发数过高，请降低并发，或联系客服增加限额" }, "concurrency"],
    [{ type: "rate_limit_reached_error", message: "Your account reached max request concurrency: 1" }, "concurrency"],
    [{ type: "rate_limit_reached_error", message: "reached organization TPM rate limit, current: 32001" }, "tokens"],
    [{ message: "Too many requests" }, undefined],
  ])("reads %o as %s", (error, expected) => {
    expect(exceededQuota({ body: undefined, ...error })).toBe(expected);
  });
});
