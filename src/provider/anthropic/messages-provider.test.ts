import type { RequestListener } from "node:http";
import { describe, expect, it } from "vitest";
import { CallError } from "../../call/call-error.ts";
import type { JsonObject } from "../../call/json.ts";
import { named, ping, wholeMessage, wholeStream } from "../../../test/fixtures/anthropic-stream.ts";
import { askFormat, type FormatCall } from "../../../test/fixtures/format-call.ts";
import { serve } from "../../../test/fixtures/http-server.ts";
import { type ReceivedRequest, receiving } from "../../../test/fixtures/received-request.ts";
import { streaming } from "../../../test/fixtures/streamed-answer.ts";
import { answering } from "../../../test/fixtures/whole-answer.ts";

const ask = async (listener: RequestListener, body: JsonObject = {}, more: Partial<FormatCall> = {}) =>
  askFormat({
    vendor: "anthropic",
    operation: "messages",
    baseURL: `${await serve(listener)}/v1`,
    body: { max_tokens: 9, messages: [{ role: "user", content: "hi" }], ...body },
    ...more,
  });

const failure = async (listener: RequestListener, body: JsonObject = {}): Promise<CallError> => {
  const outcome: unknown = await ask(listener, body).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(CallError);
  return outcome as CallError;
};

const errorBody = (type: string, message = "m", details?: JsonObject): JsonObject => ({
  type: "error",
  error: { type, message, ...(details !== undefined && { details }) },
  request_id: "req_body",
});

describe("a call of Anthropic's Messages", () => {
  it("goes to /messages with the key and the version in headers of their own", async () => {
    const received: ReceivedRequest[] = [];
    const listener = receiving(received, answering(200, wholeMessage, { "request-id": "req_1" }));
    const reply = await ask(listener, {}, { options: { apiKey: "sk-ant-abcdefgh" } });
    expect(reply).toEqual({
      status: 200,
      body: wholeMessage,
      deployment: "anthropic",
      requestId: "req_1",
      usage: { inputTokens: 40, outputTokens: 15, cachedTokens: 5, cacheWriteTokens: 10, reasoningTokens: 4 },
    });
    expect(received).toMatchObject([
      { path: "/v1/messages", body: { model: "m", max_tokens: 9, messages: [{ role: "user", content: "hi" }] } },
    ]);
    expect(received[0]?.headers).toMatchObject({ "x-api-key": "sk-ant-abcdefgh", "anthropic-version": "2026-10-21" });
    expect(received[0]?.headers.authorization).toBeUndefined();
  });

  it("keeps to a version that its user names", async () => {
    const received: ReceivedRequest[] = [];
    const headers = { "Anthropic-Version": "2023-06-01" };
    await ask(receiving(received, answering(200, wholeMessage)), {}, { options: { headers } });
    expect(received[0]?.headers["anthropic-version"]).toBe("2023-06-01");
  });

  it("may go to another vendor that speaks it", async () => {
    const received: ReceivedRequest[] = [];
    const baseURL = await serve(receiving(received, answering(200, wholeMessage)));
    await askFormat({ vendor: "deepseek", operation: "messages", baseURL, body: {} });
    expect(received[0]?.path).toBe("/anthropic/v1/messages");
  });

  it("gives the whole message of a stream, and progress at content only", async () => {
    const progress: string[] = [];
    const received: ReceivedRequest[] = [];
    const stream = streaming(named(ping), ...wholeStream.flatMap((event) => [": ping\n\n", named(ping), named(event)]));
    const onProgress = (step: string): void => void progress.push(step);
    const reply = await ask(receiving(received, stream), { stream: true }, { context: { onProgress } });
    expect(reply.body).toEqual(wholeMessage);
    expect(reply.usage).toMatchObject({ inputTokens: 40, outputTokens: 15 });
    expect(progress).toEqual(["head", ...Array.from({ length: 9 }, () => "content")]);
    expect(received[0]).toMatchObject({ body: { stream: true }, headers: { accept: "text/event-stream" } });
  });

  it("is complete at message_stop, though the server holds the connection open", async () => {
    const reply = await ask(
      (_, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" }).write(wholeStream.map(named).join(""));
      },
      { stream: true },
    );
    expect(reply.body).toEqual(wholeMessage);
  });

  it("is malformed without message_stop", async () => {
    const stream = streaming(...wholeStream.slice(0, -1).map(named));
    expect(await failure(stream, { stream: true })).toMatchObject({ code: "malformed", retryable: true });
  });

  it("is classified by an error in the middle of its stream", async () => {
    const stream = streaming(
      ...wholeStream.slice(0, 9).map(named),
      named({ ...errorBody("overloaded_error", "Overloaded") }),
    );
    const error = await failure(stream, { stream: true });
    expect(error).toMatchObject({ code: "overloaded", status: 200, retryable: true, requestId: "r1" });
  });
});

describe("an error of Anthropic", () => {
  it.each([
    [400, "invalid_request_error", "invalid_request"],
    [401, "authentication_error", "auth"],
    [402, "billing_error", "quota_exhausted"],
    [403, "permission_error", "auth"],
    [404, "not_found_error", "not_found"],
    [409, "conflict_error", "server"],
    [413, "request_too_large", "too_large"],
    [429, "rate_limit_error", "throttled"],
    [500, "api_error", "server"],
    [504, "timeout_error", "server"],
    [529, "overloaded_error", "overloaded"],
  ])("%i %s is %s, also in the middle of a stream", async (status, type, code) => {
    expect(await failure(answering(status, errorBody(type)))).toMatchObject({ code, status });
    const stream = streaming(...wholeStream.slice(0, 3).map(named), named(errorBody(type)));
    expect(await failure(stream, { stream: true })).toMatchObject({ code, status: 200 });
  });

  it.each([
    ["ramp_limit_exceeded", "throttled"],
    ["enforced_spend_limit_reached", "quota_exhausted"],
    ["contract_spend_limit_reached", "quota_exhausted"],
    ["something_new", "throttled"],
  ])("429 with the code %s is %s", async (errorCode, code) => {
    const body = errorBody("rate_limit_error", "m", { error_code: errorCode });
    expect(await failure(answering(429, body))).toMatchObject({ code });
  });

  it("about a spend limit that the user set is no invalid request", async () => {
    const words = "You have reached your specified API usage limits. You will regain access on 2026-12-01.";
    expect(await failure(answering(400, errorBody("invalid_request_error", words)))).toMatchObject({
      code: "quota_exhausted",
    });
  });

  it("has the request's name from the header, else from the body, and says how long to wait", async () => {
    const body = errorBody("rate_limit_error");
    expect(await failure(answering(429, body, { "request-id": "req_1", "retry-after": "7" }))).toMatchObject({
      requestId: "req_1",
      retryAfterMs: 7000,
    });
    expect((await failure(answering(429, body))).requestId).toBe("req_body");
  });

  it("and an answer tell the account's quotas", async () => {
    const headers = {
      date: "Sun, 22 Nov 2026 17:00:00 GMT",
      "anthropic-ratelimit-requests-limit": "50",
      "anthropic-ratelimit-requests-remaining": "49",
      "anthropic-ratelimit-requests-reset": "2026-11-22T17:00:02Z",
      "anthropic-ratelimit-output-tokens-limit": "8000",
      "anthropic-ratelimit-output-tokens-remaining": "7000",
    };
    for (const [status, body] of [[200, wholeMessage] as const, [429, errorBody("rate_limit_error")] as const]) {
      const readings: unknown[] = [];
      const onReading = (reading: unknown): void => void readings.push(reading);
      await ask(answering(status, body, headers), {}, { context: { onReading } }).catch(() => {});
      expect(readings).toEqual([
        [
          { unit: "request", limit: 50, remaining: 49, resetMs: 2000 },
          { unit: "output", limit: 8000, remaining: 7000, quantum: 1000 },
        ],
      ]);
    }
  });
});
