import { describe, expect, it } from "vitest";
import { classify } from "./classify.ts";
import { customVendor } from "./custom-vendor.ts";
import { readErrorBody } from "./error-body.ts";
import { findVendor } from "./vendors.ts";
import type { JsonValue } from "../call/json.ts";

const meaning = (vendor: string, status: number, body: JsonValue, retryAfterMs?: number): string =>
  classify(
    vendor === "custom" ? customVendor : (findVendor(vendor) ?? expect.fail()),
    status,
    readErrorBody(body),
    retryAfterMs,
  );

const error = (fields: { [name: string]: JsonValue }): JsonValue => ({ error: { message: "", ...fields } });

describe("OpenAI", () => {
  it.each([
    [429, { code: "rate_limit_exceeded", type: "requests" }, "throttled"],
    [429, { code: "insufficient_quota", type: "insufficient_quota" }, "quota_exhausted"],
    [429, { code: null, type: "insufficient_quota" }, "quota_exhausted"],
    [429, { code: "project_spend_limit_exceeded" }, "quota_exhausted"],
    [400, { code: "context_length_exceeded", type: "invalid_request_error" }, "context_length"],
    [400, { code: "content_policy_violation" }, "content_filter"],
    [400, { code: "unsupported_parameter", type: "invalid_request_error" }, "invalid_request"],
    [401, { code: "invalid_api_key", type: "invalid_request_error" }, "auth"],
    [403, { type: "request_forbidden" }, "auth"],
    [404, { code: "model_not_found" }, "not_found"],
    [413, {}, "too_large"],
    [422, {}, "invalid_request"],
    [402, {}, "quota_exhausted"],
    [408, {}, "server"],
    [409, {}, "server"],
    [500, { type: "server_error" }, "server"],
    [502, {}, "server"],
    [504, {}, "server"],
    [522, {}, "server"],
    [503, { type: "server_error" }, "overloaded"],
    [529, {}, "overloaded"],
  ])("%i %j means %s", (status, fields, code) => {
    expect(meaning("openai", status, error(fields))).toBe(code);
  });

  it("tells a request that can never fit from one that must wait", () => {
    const message = (used: string) => `Request too large for m on tokens per min (TPM): Limit 30000, ${used}.`;
    const tokens = { code: "rate_limit_exceeded", type: "tokens" };
    expect(meaning("openai", 429, error({ ...tokens, message: message("Requested 30601") }))).toBe("too_large");
    expect(meaning("openai", 429, error({ ...tokens, message: message("Used 28711, Requested 2415") }))).toBe(
      "throttled",
    );
  });
});

describe("a 429 without a hint", () => {
  const limited = { code: "rate_limit_exceeded" };
  it.each([
    ["Rate limit reached on requests per day (RPD): Limit 200, Used 200, Requested 1.", "quota_exhausted"],
    ["Rate limit exceeded: free-models-per-day. Add 10 credits to unlock more", "quota_exhausted"],
    ["Rate limit exceeded: free-models-per-min. Add 10 credits for 1000 requests per day", "throttled"],
    ["Your workspace has reached its spend limit", "quota_exhausted"],
    ["Your credit balance is too low", "quota_exhausted"],
    ["Rate limit reached. Increase it by adding a payment method at https://x/account/billing.", "throttled"],
    ["Quota exceeded for metric: generate_content_free_tier_requests, limit: 0", "quota_exhausted"],
    ["The system is currently experiencing high demand", "overloaded"],
    ["Request too large for model `m`, please reduce your message size", "too_large"],
  ])("is understood by its words: %s", (message, code) => {
    expect(meaning("custom", 429, error({ message }))).toBe(code);
  });

  it("can wait for a quota of a day that comes back in seconds", () => {
    const message = "Rate limit reached on requests per day (RPD): Limit 10000, Used 10000, Requested 1.";
    expect(meaning("openai", 429, error({ ...limited, message }), 8640)).toBe("throttled");
  });

  it("is Anthropic's limit on money when its details say so", () => {
    const anthropic = (code: string) =>
      error({ type: "rate_limit_error", message: "m", details: { error_code: code } });
    expect(meaning("custom", 429, anthropic("enforced_spend_limit_reached"))).toBe("quota_exhausted");
    expect(meaning("custom", 429, anthropic("ramp_limit_exceeded"))).toBe("throttled");
  });

  it("is Google's day when its details say so, though a short wait is named", () => {
    const google = (...quotaIds: readonly string[]) =>
      error({ code: 429, details: [{ violations: quotaIds.map((quotaId) => ({ quotaId, quotaValue: "20" })) }] });
    const minute = "GenerateRequestsPerMinutePerProjectPerModel-FreeTier";
    const day = "GenerateRequestsPerDayPerProjectPerModel-FreeTier";
    expect(meaning("custom", 429, google(minute), 26_000)).toBe("throttled");
    expect(meaning("custom", 429, google(minute, day), 26_000)).toBe("quota_exhausted");
  });
});

describe("a 400 or 403 about money", () => {
  it("is a quota that is used up", () => {
    const limit = "You have reached your specified API usage limits. You will regain access on 2026-12-01.";
    expect(meaning("custom", 400, error({ type: "invalid_request_error", message: limit }))).toBe("quota_exhausted");
    expect(meaning("custom", 400, error({ message: `bad field: "${limit}"` }))).toBe("invalid_request");
    expect(meaning("custom", 403, error({ message: "insufficient balance" }))).toBe("quota_exhausted");
  });
});

describe("the others", () => {
  it.each([
    ["dashscope", 429, { code: "insufficient_quota" }, "throttled"],
    ["dashscope", 429, { code: "Throttling.AllocationQuota" }, "throttled"],
    ["dashscope", 400, { code: "Arrearage" }, "quota_exhausted"],
    ["dashscope", 400, { code: "data_inspection_failed" }, "content_filter"],
    ["moonshot", 429, { type: "rate_limit_reached_error", message: "max RPM: 20" }, "throttled"],
    ["moonshot", 429, { type: "rate_limit_reached_error", message: "organization TPD rate limit" }, "quota_exhausted"],
    ["moonshot", 429, { type: "engine_overloaded_error" }, "overloaded"],
    ["moonshot", 429, { type: "exceeded_current_quota_error" }, "quota_exhausted"],
    ["zhipu", 429, { code: "1302" }, "throttled"],
    ["zhipu", 429, { code: "1305" }, "overloaded"],
    ["zhipu", 429, { code: "1113" }, "quota_exhausted"],
    ["zhipu", 429, { code: "1310" }, "quota_exhausted"],
    ["zhipu", 400, { code: "1261" }, "context_length"],
    ["ark", 429, { code: "RateLimitExceeded.EndpointTPMExceeded", type: "TooManyRequests" }, "throttled"],
    ["ark", 400, { code: "SensitiveContentDetected.Violence" }, "content_filter"],
    ["ark", 403, { code: "AccountOverdueError" }, "quota_exhausted"],
    ["groq", 498, { code: "capacity_exceeded" }, "overloaded"],
    ["together", 403, {}, "context_length"],
    ["deepseek", 402, {}, "quota_exhausted"],
    ["openrouter", 403, { code: 403, metadata: { reasons: ["violence"] } }, "content_filter"],
    ["vllm", 400, { code: 400, message: "This model's maximum context length is 8192 tokens." }, "context_length"],
    ["llamacpp", 400, { code: 400, type: "exceed_context_size_error" }, "context_length"],
  ])("%s %i %j means %s", (vendor, status, fields, code) => {
    expect(meaning(vendor, status, error(fields as { [name: string]: JsonValue }))).toBe(code);
  });

  it("take OpenRouter's 402 for a wait only when it names one", () => {
    expect(meaning("openrouter", 402, error({ code: 402 }))).toBe("quota_exhausted");
    expect(meaning("openrouter", 402, error({ code: 402 }), 2000)).toBe("throttled");
    expect(meaning("deepseek", 402, error({}), 2000)).toBe("quota_exhausted");
  });
});

describe("an error inside a 200", () => {
  it.each([
    [{ code: 429 }, "throttled"],
    [{ code: 502 }, "server"],
    [{ code: 400 }, "invalid_request"],
    [{ type: "server_error", code: null }, "server"],
    [{ code: "rate_limit_exceeded" }, "throttled"],
    [{ type: "overloaded_error" }, "overloaded"],
    [{ type: "invalid_request_error" }, "invalid_request"],
    [{}, "server"],
  ])("%j means %s", (fields, code) => {
    expect(meaning("openrouter", 200, error(fields))).toBe(code);
  });
});

describe("readErrorBody", () => {
  it.each([
    [{ error: { message: "m", code: "c", type: "t" } }, { message: "m", code: "c", type: "t" }],
    [{ error: "words" }, { message: "words" }],
    [
      { code: "some_code", error: "words" },
      { message: "words", code: "some_code" },
    ],
    [[{ error: { code: 429, message: "m", status: "RESOURCE_EXHAUSTED" } }], { message: "m", status: 429 }],
    [
      { code: 20012, message: "flat", data: null },
      { message: "flat", code: "20012" },
    ],
    ["just words", { message: "just words" }],
    [{ detail: [{ loc: ["body"], msg: "missing" }] }, { message: '[{"loc":["body"],"msg":"missing"}]' }],
    [null, { message: "" }],
    [[], { message: "" }],
  ])("reads %j", (body, expected) => {
    expect(readErrorBody(body)).toMatchObject(expected);
  });
});
