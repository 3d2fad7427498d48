import type { RequestListener } from "node:http";
import { describe, expect, it } from "vitest";
import { CallError } from "../../call/call-error.ts";
import type { JsonObject } from "../../call/json.ts";
import { askFormat, type FormatCall } from "../../../test/fixtures/format-call.ts";
import { chunk, parts, wholeAnswer, wholeStream } from "../../../test/fixtures/gemini-stream.ts";
import { serve } from "../../../test/fixtures/http-server.ts";
import { type ReceivedRequest, receiving } from "../../../test/fixtures/received-request.ts";
import { open, streaming } from "../../../test/fixtures/streamed-answer.ts";
import { answering } from "../../../test/fixtures/whole-answer.ts";

const contents = [{ role: "user", parts: [{ text: "hi" }] }];

const ask = async (listener: RequestListener, body: JsonObject = {}, more: Partial<FormatCall> = {}) =>
  askFormat({
    vendor: "gemini",
    operation: "generate",
    baseURL: `${await serve(listener)}/v1beta`,
    body: { contents, ...body },
    ...more,
  });

const failure = async (listener: RequestListener, body: JsonObject = {}): Promise<CallError> => {
  const outcome: unknown = await ask(listener, body).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(CallError);
  return outcome as CallError;
};

const errorBody = (code: number, status: string, message = "m", details: readonly JsonObject[] = []): JsonObject => ({
  error: { code, message, status, ...(details.length > 0 && { details }) },
});

describe("a call of Gemini's generateContent", () => {
  it("names its model in the path, and its key in a header of its own", async () => {
    const received: ReceivedRequest[] = [];
    const reply = await ask(
      receiving(received, answering(200, wholeAnswer)),
      {},
      { options: { apiKey: "AIzaabcdefgh" } },
    );
    expect(reply).toEqual({
      status: 200,
      body: wholeAnswer,
      deployment: "gemini",
      usage: { inputTokens: 9, outputTokens: 12, cachedTokens: 0, reasoningTokens: 4 },
    });
    expect(received[0]).toMatchObject({ path: "/v1beta/models/m:generateContent" });
    expect(received[0]?.body).toEqual({ contents });
    expect(received[0]?.headers["x-goog-api-key"]).toBe("AIzaabcdefgh");
    expect(received[0]?.headers.authorization).toBeUndefined();
  });

  it("gives the whole answer of a stream, which is asked for in the path", async () => {
    const received: ReceivedRequest[] = [];
    const progress: string[] = [];
    const stream = streaming(...wholeStream.map(chunk));
    const onProgress = (step: string): void => void progress.push(step);
    const reply = await ask(receiving(received, stream), { stream: true }, { context: { onProgress } });
    expect(reply.body).toEqual(wholeAnswer);
    expect(reply.usage?.outputTokens).toBe(12);
    expect(progress).toEqual(["head", "content", "content", "content", "content", "content"]);
    expect(received[0]?.path).toBe("/v1beta/models/m:streamGenerateContent?alt=sse");
    expect(received[0]?.body).toEqual({ contents });
  });

  it("takes the usage that follows the finish reason", async () => {
    const stream = streaming(
      chunk(parts([{ text: "a" }], { finishReason: "STOP" })),
      chunk({ usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2 } }),
    );
    expect((await ask(stream, { stream: true })).usage).toMatchObject({ inputTokens: 1, outputTokens: 2 });
  });

  it("gives an answer without candidates when the prompt is blocked", async () => {
    const body = { promptFeedback: { blockReason: "SAFETY" }, usageMetadata: { promptTokenCount: 4 } };
    expect((await ask(answering(200, body))).body).toEqual(body);
    expect((await ask(streaming(chunk(body)), { stream: true })).body).toEqual(body);
  });

  it("is malformed without a finish reason, or without any candidate", async () => {
    const cut = streaming(...wholeStream.slice(0, 3).map(chunk));
    expect(await failure(cut, { stream: true })).toMatchObject({ code: "malformed", retryable: true });
    expect(await failure(answering(200, { usageMetadata: {} }))).toMatchObject({ code: "malformed" });
  });

  it("is malformed when the model's call of a function is", async () => {
    const body = { candidates: [{ finishReason: "MALFORMED_FUNCTION_CALL", index: 0 }] };
    expect(await failure(answering(200, body))).toMatchObject({ code: "malformed" });
  });

  it("may be a chat completion, at another path and with the key as a bearer", async () => {
    const received: ReceivedRequest[] = [];
    const completion = { choices: [{ index: 0, message: { content: "a" }, finish_reason: "stop" }] };
    await ask(
      receiving(received, answering(200, completion)),
      {},
      {
        operation: "chat",
        options: { apiKey: "AIzaabcdefgh" },
      },
    );
    expect(received[0]?.path).toBe("/v1beta/openai/chat/completions");
    expect(received[0]?.headers.authorization).toBe("Bearer AIzaabcdefgh");
    expect(received[0]?.headers["x-goog-api-key"]).toBeUndefined();
  });
});

describe("an error in the middle of Gemini's stream", () => {
  const overloaded = errorBody(503, "UNAVAILABLE", "The model is overloaded. }{");
  const shapes: readonly [string, string][] = [
    ["an event", chunk(overloaded)],
    ["a bare line", `${JSON.stringify(overloaded)}\r\n`],
    ["a bare line that does not end", JSON.stringify(overloaded)],
    ["bare lines", `${JSON.stringify(overloaded, undefined, 2)}\n`],
    ["a bare list", `[${JSON.stringify(overloaded, undefined, 2)}\n]\n`],
  ];

  it.each(shapes)("is classified as %s", async (_, text) => {
    const stream = streaming(chunk(wholeStream[2] ?? {}), text);
    expect(await failure(stream, { stream: true })).toMatchObject({ code: "overloaded", status: 200 });
  });

  it("is classified when it comes in place of the stream, under whatever type", async () => {
    for (const type of ["text/event-stream", "application/json", "text/plain"]) {
      const listener: RequestListener = (_, response) => void open(response, type).end(JSON.stringify([overloaded]));
      expect(await failure(listener, { stream: true })).toMatchObject({ code: "overloaded" });
    }
  });
});

describe("an error of Gemini", () => {
  it.each([
    [400, "INVALID_ARGUMENT", "invalid_request"],
    [400, "FAILED_PRECONDITION", "invalid_request"],
    [401, "UNAUTHENTICATED", "auth"],
    [403, "PERMISSION_DENIED", "auth"],
    [404, "NOT_FOUND", "not_found"],
    [429, "RESOURCE_EXHAUSTED", "throttled"],
    [499, "CANCELLED", "server"],
    [500, "INTERNAL", "server"],
    [500, "UNKNOWN", "server"],
    [503, "UNAVAILABLE", "overloaded"],
    [504, "DEADLINE_EXCEEDED", "server"],
  ])("%i %s is %s, also in a list, and in the middle of a stream", async (status, name, code) => {
    const body = errorBody(status, name);
    expect(await failure(answering(status, body))).toMatchObject({ code, status });
    expect(await failure(answering(status, [body]))).toMatchObject({ code, status });
    const stream = streaming(chunk(wholeStream[2] ?? {}), JSON.stringify(body));
    expect(await failure(stream, { stream: true })).toMatchObject({ code, status: 200 });
  });

  it("is about the key where its details say so", async () => {
    const details = [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID" }];
    const body = errorBody(400, "INVALID_ARGUMENT", "API key not valid.", details);
    expect(await failure(answering(400, body))).toMatchObject({ code: "auth" });
  });

  it.each([
    ["GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "throttled", 26_000],
    ["GenerateRequestsPerDayPerProjectPerModel-FreeTier", "quota_exhausted", undefined],
  ])("about the quota %s is %s", async (quotaId, code, retryAfterMs) => {
    const details = [
      { "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations: [{ quotaId, quotaValue: "15" }] },
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "26s" },
    ];
    const body = errorBody(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota", details);
    expect(await failure(answering(429, body))).toMatchObject({ code, retryAfterMs, exceeded: "requests" });
  });
});
