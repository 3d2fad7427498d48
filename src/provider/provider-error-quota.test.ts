import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import { call, context, provider, serveProvider, vendor } from "../../test/fixtures/provider-call.ts";
import { answering } from "../../test/fixtures/whole-answer.ts";

const failure = async (
  body: object,
  headers: Record<string, string> = {},
  { status = 429, name = "openai" } = {},
): Promise<CallError> => {
  const baseURL = await serveProvider(answering(status, body, headers));
  const outcome = await provider(baseURL, { vendor: vendor(name) })(call(), context()).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(CallError);
  return outcome as CallError;
};

const saying = (message: string, more: object = {}) => ({
  error: { message, type: "tokens", code: "rate_limit_exceeded", ...more },
});

const dayMs = 86_400_000;

describe("a refusal by a quota", () => {
  it("tells the quota, what was asked of it, and how long to wait", async () => {
    const words =
      "on tokens per min (TPM): Limit 30000, Used 30000, Requested 4355. Please try again in 8.71s. Visit x";
    expect(await failure(saying(words))).toMatchObject({
      code: "throttled",
      exceeded: "tokens",
      retryAfterMs: 8710,
      quota: { limit: 30_000, requested: 4355 },
    });
  });

  it("is final, and tells the quota, when the request is larger than all of it", async () => {
    const words = "Request too large for m on tokens per min (TPM): Limit 30000, Requested 45411. Reduce your tokens.";
    for (const status of [429, 413]) {
      expect(await failure(saying(words), {}, { status })).toMatchObject({
        code: "too_large",
        retryable: false,
        exceeded: "tokens",
        quota: { limit: 30_000, requested: 45_411 },
      });
    }
  });

  it("does not take the bytes of a body for tokens", async () => {
    const error = await failure({ error: { message: "Body too large, limit: 1000" } }, {}, { status: 413 });
    expect(error).toMatchObject({ code: "too_large", quota: undefined });
  });

  it("is a quota of the day, to be had again at the time that is named", async () => {
    const words = "on requests per day (RPD): Limit 200, Used 200, Requested 1. Please try again in 7m12s.";
    expect(await failure(saying(words, { type: "requests" }))).toMatchObject({
      code: "quota_exhausted",
      retryable: false,
      exceeded: "requests",
      retryAfterMs: 432_000,
      quota: { limit: 200, requested: 1, periodMs: dayMs },
    });
  });

  it("waits for a quota of the day that comes back within two minutes", async () => {
    const words = "on requests per day (RPD): Limit 10000, Used 10000, Requested 1. Please try again in 8.64s.";
    expect(await failure(saying(words))).toMatchObject({
      code: "throttled",
      retryAfterMs: 8640,
      quota: { periodMs: dayMs },
    });
  });

  it("learns from the headers when a used-up day ends", async () => {
    const headers = {
      "x-ratelimit-limit-requests": "14400",
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-reset-requests": "3h0m0s",
    };
    const words = { error: { message: "Rate limit reached", code: "rate_limit_exceeded" } };
    const exhausted = { code: "quota_exhausted", retryable: false, retryAfterMs: 10_800_000 };
    expect(await failure(words, headers, { name: "groq" })).toMatchObject(exhausted);
    expect(await failure(saying("Limit reached: requests per day"), headers, { name: "groq" })).toMatchObject(
      exhausted,
    );
    expect(await failure(words, headers)).toMatchObject({ code: "throttled", retryAfterMs: undefined });
    expect(await failure(words, { ...headers, "retry-after": "6" }, { name: "groq" })).toMatchObject({
      code: "throttled",
      retryAfterMs: 6000,
    });
  });

  it("obeys Google's RetryInfo, but not for a day that is over", async () => {
    const google = (quotaId: string) => ({
      error: {
        code: 429,
        message: "You exceeded your current quota, please check your plan and billing details.",
        status: "RESOURCE_EXHAUSTED",
        details: [{ violations: [{ quotaId, quotaValue: "15" }] }, { retryDelay: "26s" }],
      },
    });
    expect(await failure([google("GenerateRequestsPerMinutePerProjectPerModel-FreeTier")])).toMatchObject({
      code: "throttled",
      exceeded: "requests",
      retryAfterMs: 26_000,
      quota: { limit: 15 },
    });
    expect(await failure([google("GenerateRequestsPerDayPerProjectPerModel-FreeTier")])).toMatchObject({
      code: "quota_exhausted",
      retryable: false,
      retryAfterMs: undefined,
      quota: { limit: 15, periodMs: dayMs },
    });
  });

  it("claims no rate where it is about calls at once", async () => {
    const words = { error: { message: "Your account reached max request concurrency: 1, limit: 1", type: "x" } };
    expect(await failure(words)).toMatchObject({ code: "throttled", exceeded: "concurrency", quota: undefined });
  });
});
