import type { RequestListener } from "node:http";
import { describe, expect, it } from "vitest";
import type { CallError } from "../call/call-error.ts";
import { desertedOrigin } from "../../test/fixtures/http-server.ts";
import { call, context, provider, serveProvider } from "../../test/fixtures/provider-call.ts";
import { open, piece } from "../../test/fixtures/streamed-answer.ts";
import { ask } from "../../test/fixtures/streamed-call.ts";
import { vendorOf } from "../../test/fixtures/vendor-errors/vendor-of.ts";
import { answering } from "../../test/fixtures/whole-answer.ts";

/** What becomes of a call that is answered so: the code, and `again` where it may succeed. */
const outcome = async (name: string, listener: RequestListener): Promise<string> => {
  const baseURL = await serveProvider(listener);
  return said(provider(baseURL, { vendor: vendorOf(name) })(call(), context()));
};

const said = async (asking: Promise<unknown>): Promise<string> => {
  const error = await asking.then(
    () => expect.fail("it succeeded"),
    (reason: unknown) => reason as CallError,
  );
  const wait = error.retryAfterMs === undefined ? "" : ` after ${error.retryAfterMs}`;
  return error.code + (error.retryable ? ` again${wait}` : "");
};

const failing = (
  name: string,
  status: number,
  error: object | string = { message: "m" },
  headers: Record<string, string> = {},
): Promise<string> => outcome(name, answering(status, typeof error === "string" ? error : { error }, headers));

describe("a failed call is tried again, or not, by what failed", () => {
  it("is tried again when no connection came about, or it broke", async () => {
    expect(await said(provider(`${await desertedOrigin()}/v1`)(call(), context()))).toBe("network again");
    expect(await outcome("openai", (request) => void request.socket.destroy())).toBe("network again");
    expect(
      await outcome("openai", (_, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "500" });
        response.write('{"choices":', () => response.destroy());
      }),
    ).toBe("malformed again");
  });

  it("is tried again when a stream ends before its protocol's end", async () => {
    const cut = await serveProvider((_, response) => void open(response).end(piece("a")));
    expect(await said(ask(cut))).toBe("malformed again");
    const reset = await serveProvider((_, response) => void open(response).write(piece("a"), () => response.destroy()));
    expect(await said(ask(reset))).toBe("malformed again");
  });

  it.each([408, 409, 500, 502, 504, 520, 521, 522, 523, 524])("is tried again after a %i", async (status) => {
    expect(await failing("openai", status)).toBe("server again");
  });

  it.each([503, 529])("is tried again after a %i, which is an overload", async (status) => {
    expect(await failing("openai", status)).toBe("overloaded again");
  });

  it("obeys x-should-retry whatever the status, but for what no retry can change", async () => {
    const should = (word: string) => ({ "x-should-retry": word });
    expect(await failing("openai", 500, { message: "m" }, should("false"))).toBe("server");
    expect(await failing("openai", 429, { message: "m" }, should("false"))).toBe("throttled");
    expect(await failing("openai", 400, { message: "m" }, should("true"))).toBe("invalid_request again");
    const spent = { message: "m", type: "insufficient_quota", code: "insufficient_quota" };
    expect(await failing("openai", 429, spent, should("true"))).toBe("quota_exhausted");
  });

  it("waits as retry-after-ms says, else retry-after: in seconds, whole or not, or until a date", async () => {
    const waits = (headers: Record<string, string>) => failing("openai", 429, { message: "m" }, headers);
    expect(await waits({ "retry-after-ms": "843.5", "retry-after": "1" })).toBe("throttled again after 843.5");
    expect(await waits({ "retry-after-ms": "soon", "retry-after": "1.5" })).toBe("throttled again after 1500");
    expect(await waits({ "retry-after": "0" })).toBe("throttled again after 0");
    const date = "Sun, 22 Nov 2026 12:00:00 GMT";
    expect(await waits({ date, "retry-after": "Sun, 22 Nov 2026 12:00:07 GMT" })).toBe("throttled again after 7000");
    expect(await waits({ date, "retry-after": "Sun, 22 Nov 2026 11:59:00 GMT" })).toBe("throttled again after 0");
    expect(await waits({ "retry-after": "121" })).toBe("quota_exhausted");
  });

  it.each([
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "billing_hard_limit_reached",
  ])("is final at OpenAI for %s, though it is a 429", async (code) => {
    for (const name of ["openai", "azure", "custom"]) {
      expect(await failing(name, 429, { message: "m", type: "insufficient_quota", code })).toBe("quota_exhausted");
    }
    expect(await failing("openai", 429, { message: "m", type: "x", code })).toBe("quota_exhausted");
  });

  it("is final when the request is larger than the limit, though code and type are those of a full minute", async () => {
    const tokens = (words: string) => ({ message: words, type: "tokens", code: "rate_limit_exceeded", param: null });
    const large = "Request too large for m on tokens per min (TPM): Limit 30000, Requested 30601. The input or ...";
    expect(await failing("openai", 429, tokens(large))).toBe("too_large");
    const full = "Rate limit reached for m on tokens per min (TPM): Limit 30000, Used 28711, Requested 2415. ...";
    expect(await failing("openai", 429, tokens(full))).toBe("throttled again");
  });

  it("goes by Anthropic's error code where there is one, and by the bare type where it is unknown", async () => {
    const limited = (error_code: string) =>
      failing("anthropic", 429, { type: "rate_limit_error", message: "m", details: { error_code } });
    expect(await limited("enforced_spend_limit_reached")).toBe("quota_exhausted");
    expect(await limited("contract_spend_limit_reached")).toBe("quota_exhausted");
    expect(await limited("of_tomorrow")).toBe("throttled again");
    const ramp = { type: "rate_limit_error", message: "m", details: { error_code: "ramp_limit_exceeded" } };
    expect(await failing("anthropic", 429, ramp, { "retry-after": "5" })).toBe("throttled again after 5000");
  });

  it("is final at Anthropic for a limit on money that is a 400", async () => {
    const message = "You have reached your specified API usage limits. You will regain access on 2026-12-01.";
    expect(await failing("anthropic", 400, { type: "invalid_request_error", message })).toBe("quota_exhausted");
  });

  it("is tried again at DashScope for insufficient_quota, which means tokens there", async () => {
    for (const message of ["Allocated quota exceeded", "You exceeded your current quota"]) {
      expect(await failing("dashscope", 429, { code: "insufficient_quota", message })).toBe("throttled again");
    }
  });

  it("is tried again at Gemini in a minute, and not before the day is over", async () => {
    const quota = (quotaId: string) => ({
      code: 429,
      message: "You exceeded your current quota, please check your plan and billing details.",
      status: "RESOURCE_EXHAUSTED",
      details: [{ violations: [{ quotaId, quotaValue: "15" }] }, { retryDelay: "0.512s" }],
    });
    const perMinute = "GenerateRequestsPerMinutePerProjectPerModel-FreeTier";
    expect(await failing("gemini", 429, quota(perMinute))).toBe("throttled again after 512");
    expect(await failing("gemini", 429, quota(perMinute.replace("Minute", "Day")))).toBe("quota_exhausted");
  });

  it("goes by Moonshot's type, and by the day in its words", async () => {
    const limited = (type: string, message = "m") => failing("moonshot", 429, { type, message });
    expect(await limited("exceeded_current_quota_error")).toBe("quota_exhausted");
    expect(await limited("engine_overloaded_error")).toBe("overloaded again");
    const minute = "request reached organization max RPM: 20, please try again after 1 seconds";
    expect(await limited("rate_limit_reached_error", minute)).toBe("throttled again after 1000");
    expect(await limited("rate_limit_reached_error", "reached organization TPD rate limit")).toBe("quota_exhausted");
  });

  it("goes by Zhipu's number", async () => {
    const number = (code: string) => failing("zhipu", 429, { code, message: "m" });
    for (const code of ["1112", "1121"]) expect(await number(code)).toBe("auth");
    for (const code of ["1113", "1304", "1308", "1309", "1310"]) expect(await number(code)).toBe("quota_exhausted");
    for (const code of ["1302", "1303"]) expect(await number(code)).toBe("throttled again");
    for (const code of ["1305", "1312"]) expect(await number(code)).toBe("overloaded again");
  });

  it("is tried again after OpenRouter's 402 when that names a wait", async () => {
    const error = { code: 402, message: "m", metadata: { limit_source: "openrouter_in_flight_budget" } };
    expect(await failing("openrouter", 402, error, { "retry-after": "2" })).toBe("throttled again after 2000");
    expect(await failing("openrouter", 402, error)).toBe("quota_exhausted");
  });

  it("is final after anybody else's 402", async () => {
    expect(await failing("deepseek", 402, { message: "Insufficient Balance" })).toBe("quota_exhausted");
    expect(await failing("together", 402, { message: "m" }, { "retry-after": "2" })).toBe("quota_exhausted");
    expect(await failing("anthropic", 402, { type: "billing_error", message: "m" })).toBe("quota_exhausted");
  });

  it("is tried again after Groq's 498, and nobody else's", async () => {
    expect(await failing("groq", 498, { message: "m", code: "capacity_exceeded" })).toBe("overloaded again");
    expect(await failing("groq", 498)).toBe("overloaded again");
    expect(await failing("openai", 498)).toBe("invalid_request");
  });

  it("goes by the error inside a 200, whatever its shape", async () => {
    expect(await failing("openrouter", 200, { code: 429, message: "m" })).toBe("throttled again");
    expect(await failing("openrouter", 200, { code: 402, message: "m" })).toBe("quota_exhausted");
    expect(await failing("gemini", 200, '[{"error":{"code":503,"status":"UNAVAILABLE"}}]')).toBe("overloaded again");
    expect(await failing("custom", 200, '{"error":"words"}')).toBe("server again");
    expect(await failing("zhipu", 200, '{"code":"1113","message":"m"}')).toBe("quota_exhausted");
    expect(await failing("minimax", 200, '{"base_resp":{"status_code":1002,"status_msg":"m"}}')).toBe(
      "throttled again",
    );
    expect(await failing("custom", 200, "<p>Sign in</p>")).toBe("malformed again");
  });

  it("is final after a 400, and says what is wrong with the request", async () => {
    const bad = (code: string, message = "m") => failing("openai", 400, { message, code });
    expect(await bad("context_length_exceeded")).toBe("context_length");
    expect(await bad("content_filter")).toBe("content_filter");
    expect(await bad("content_policy_violation")).toBe("content_filter");
    expect(await bad("unsupported_parameter")).toBe("invalid_request");
    expect(await failing("vllm", 400, { code: 400, message: "maximum context length is 8192 tokens" })).toBe(
      "context_length",
    );
    for (const status of [401, 403]) expect(await failing("openai", status)).toBe("auth");
    expect(await failing("openai", 404)).toBe("not_found");
    expect(await failing("openai", 413)).toBe("too_large");
    expect(await failing("openai", 422)).toBe("invalid_request");
  });
});
