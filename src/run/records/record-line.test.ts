import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CallError, type CallErrorCode } from "../../call/call-error.ts";
import type { Failure, Success } from "../../call/result.ts";
import type { ChatReply } from "../../client/chat-reply.ts";
import { VirtualClock } from "../../time/virtual-clock.ts";
import { failureRecord, inlineFailureRecord } from "./failure-record.ts";
import { readFailure, readRecord } from "./record-line.ts";
import type { RecordContext } from "./record-meta.ts";
import { readLines, type Line } from "../source/lines.ts";
import type { Row } from "../source/row.ts";
import { successRecord } from "./success-record.ts";

const row = (id = "r"): Row => ({ index: 3, line: 4, id, operation: "chat", body: { messages: [] }, explicitId: true });

const context: RecordContext = {
  model: "openai/m",
  provider: "openai",
  keyMask: "sk-…a1f3",
  clock: new VirtualClock(),
  overrideModel: false,
  strict: false,
  nextId: () => "req_1",
};

const shared = {
  id: "r",
  index: 0,
  attempts: 2,
  timing: { queuedMs: 812.4, firstContentMs: 340.2, totalMs: 3000 },
  retries: [{ code: "throttled" as const, status: 429, waitedMs: 1200 }],
};

const success = (usage = true): Success<ChatReply> => ({
  ...shared,
  ok: true,
  value: {
    text: "hi",
    model: "m-2026",
    body: { id: "chatcmpl-1" },
    status: 200,
    requestId: "req_abc",
    ...(usage ? { usage: { inputTokens: 312, outputTokens: 41, cachedTokens: 1, reasoningTokens: 2 } } : {}),
  },
});

const failure = (code: CallErrorCode, details = {}): Failure => ({
  ...shared,
  ok: false,
  error: new CallError(code, `it was ${code}`, details),
});

const lineOf = async (text: string): Promise<Line> => {
  const path = join(await mkdtemp(join(tmpdir(), "sluice-line-")), "a.jsonl");
  await writeFile(path, text);
  for await (const lines of readLines(path)) for (const line of lines) return line;
  throw new Error("no line");
};

describe("a success record", () => {
  it("is an OpenAI Batch record and meta", () => {
    expect(JSON.parse(successRecord(row(), success(), context))).toEqual({
      id: "req_1",
      custom_id: "r",
      response: { status_code: 200, request_id: "req_abc", body: { id: "chatcmpl-1" } },
      error: null,
      meta: {
        index: 3,
        model: "openai/m",
        provider: "openai",
        key: "sk-…a1f3",
        attempts: 2,
        queued_ms: 812,
        ttft_ms: 340,
        latency_ms: 988,
        started_at: expect.stringMatching(/Z$/),
        finished_at: expect.stringMatching(/Z$/),
        tokens: { input: 312, output: 41, cached: 1, reasoning: 2 },
        retries: [{ status: 429, code: "throttled", waited_ms: 1200 }],
      },
    });
  });

  it("has no meta when strict, and no tokens when the provider reported none", () => {
    const strict = JSON.parse(successRecord(row(), success(), { ...context, strict: true })) as object;
    expect(Object.keys(strict)).toEqual(["id", "custom_id", "response", "error"]);
    expect(JSON.parse(successRecord(row(), success(false), context))).toMatchObject({ meta: { tokens: null } });
  });

  it("is read back with any id", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", minLength: 1, maxLength: 300 }), async (id) => {
        const line = await lineOf(successRecord(row(id), success(), context));
        expect(readRecord(line)).toEqual({ customId: id, ok: true });
      }),
      { numRuns: 50 },
    );
  });
});

describe("a failure record", () => {
  it("holds the provider's answer when there was one, and is a request as well", () => {
    const error = { message: "Rejected", code: "content_filter" };
    const result = failure("content_filter", { status: 400, body: error, requestId: "req_x" });
    expect(JSON.parse(failureRecord(row(), result, context))).toMatchObject({
      custom_id: "r",
      method: "POST",
      url: "/v1/chat/completions",
      body: { messages: [] },
      response: { status_code: 400, request_id: "req_x", body: { error } },
      error: null,
      meta: { error_code: "content_filter", error_message: "it was content_filter", retryable: false, attempts: 2 },
    });
  });

  it.each([
    ["no answer came", failure("timeout")],
    ["the answer was broken", failure("malformed", { status: 200 })],
  ])("has no response when %s", (_, result) => {
    const { code } = result.error;
    expect(JSON.parse(failureRecord(row(), result, context))).toMatchObject({
      response: null,
      error: { code, message: `it was ${code}` },
      meta: { error_code: code },
    });
  });

  it("is read back", async () => {
    const line = await lineOf(failureRecord(row(), failure("server", { status: 500 }), context));
    expect(readFailure(line)).toEqual({ customId: "r", code: "server", status: 500, message: "it was server" });
  });

  it("holds no request where answers and failures share a stream", () => {
    const inline = JSON.parse(inlineFailureRecord(row(), failure("server"), { ...context, strict: true })) as object;
    expect(Object.keys(inline)).toEqual(["id", "custom_id", "response", "error"]);
  });
});

describe("readRecord", () => {
  it.each([
    ['{"id": "batch_req_1", "custom_id": "a", "response": {"status_code": 200, "body": {}}, "error": null}', true],
    ['{"id":"b","custom_id":"a","response":{"status_code":500,"body":{}},"error":null}', false],
    ['{"id":"b","custom_id":"a","response":null,"error":{"code":"x"}}', false],
  ])("reads what others write: %s", async (text, ok) => {
    expect(readRecord(await lineOf(text))).toEqual({ customId: "a", ok });
  });

  it.each([
    ['{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{}}', "foreign"],
    ['{"prompt":"hello"}', "foreign"],
    ["[1]", "foreign"],
    ["hello", "damaged"],
    ['{"id":"req_1","custom_id":"a","response":{"status_code":200,', "damaged"],
  ])("tells what is no record: %s", async (text, what) => {
    expect(readRecord(await lineOf(text))).toBe(what);
  });
});

describe("readFailure", () => {
  it.each([
    ['{"custom_id":"a","response":{"status_code":503,"body":{"error":{"message":"busy"}}}}', "server", "busy"],
    ['{"custom_id":"a","response":{"status_code":400},"error":null}', "invalid_request", ""],
    ['{"custom_id":"a","response":null,"error":{"code":"batch_expired","message":"late"}}', "network", "late"],
  ])("guesses the code where another program has written none: %s", async (text, code, message) => {
    expect(readFailure(await lineOf(text))).toMatchObject({ customId: "a", code, message });
  });
});
