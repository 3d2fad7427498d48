import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import { call, context, provider, serveProvider } from "../../test/fixtures/provider-call.ts";
import { answering } from "../../test/fixtures/whole-answer.ts";

const key = "sk-proj-abcdefghijklmnopqrstuvwxa1f3";
const completion = {
  id: "c",
  choices: [{ index: 0, message: { role: "assistant", content: "hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
};

const received = async (request: IncomingMessage): Promise<string> => {
  let text = "";
  for await (const piece of request) text += String(piece);
  return text;
};

describe("a call", () => {
  it("is posted with its body as it is, and gives the reply", async () => {
    const requests: { path: string | undefined; headers: IncomingMessage["headers"]; body: string }[] = [];
    const baseURL = await serveProvider((request, response) => {
      received(request).then(
        (body) => {
          requests.push({ path: request.url, headers: request.headers, body });
          answering(200, completion, { "x-request-id": "r1" })(request, response);
        },
        () => response.destroy(),
      );
    });
    const handler = provider(`${baseURL}/?v=1`, { apiKey: key, headers: { "X-Title": "t" } });
    const reply = await handler(call({ temperature: 0 }), context());
    expect(reply).toEqual({
      status: 200,
      body: completion,
      usage: { inputTokens: 9, outputTokens: 2, cachedTokens: 0, reasoningTokens: 0 },
      requestId: "r1",
      deployment: "openai",
    });
    expect(requests[0]?.path).toBe("/v1/chat/completions?v=1");
    expect(JSON.parse(requests[0]?.body ?? "")).toEqual(call({ temperature: 0 }).body);
    expect(requests[0]?.headers).toMatchObject({
      accept: "application/json",
      "content-type": "application/json",
      authorization: `Bearer ${key}`,
      "x-title": "t",
      "user-agent": expect.stringMatching(/^sluice\/\d/),
    });
  });

  it("sends no authorization without a key", async () => {
    let authorization: string | undefined = "none yet";
    const baseURL = await serveProvider((request, response) => {
      authorization = request.headers.authorization;
      answering(200, completion)(request, response);
    });
    await provider(baseURL)(call(), context());
    expect(authorization).toBeUndefined();
  });

  it("reports progress and quotas, also when it fails", async () => {
    for (const status of [200, 429]) {
      const seen: unknown[] = [];
      const baseURL = await serveProvider(answering(status, completion, { "x-ratelimit-remaining-requests": "3" }));
      const listening = context({
        onProgress: (progress) => seen.push(progress),
        onReading: (reading) => seen.push(reading),
      });
      await provider(baseURL)(call(), listening).catch(() => {});
      expect(seen).toEqual(["head", [{ unit: "request", remaining: 3 }], "body"]);
    }
  });

  it("takes a body that follows blank lines, or a byte order mark", async () => {
    for (const lead of ["\n\n\n", "\uFEFF"]) {
      const baseURL = await serveProvider(answering(200, lead + JSON.stringify(completion)));
      expect((await provider(baseURL)(call(), context())).usage?.outputTokens).toBe(2);
    }
  });

  it("ends when its signal aborts, with the signal's reason", async () => {
    const baseURL = await serveProvider((_, response) => void response.write("{"));
    const controller = new AbortController();
    const reason = new CallError("timeout", "too slow");
    const stalled = context({ signal: controller.signal, onProgress: () => controller.abort(reason) });
    await expect(provider(baseURL)(call(), stalled)).rejects.toBe(reason);
    const aborted = context({ signal: AbortSignal.abort() });
    await expect(provider(baseURL)(call(), aborted)).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe("createProvider", () => {
  it("refuses a key that cannot stand in a header, without showing it", () => {
    for (const apiKey of ["sk-abcdefghijkl\n", "“sk-abcdefghijkl”", ""]) {
      expect(() => provider("http://x", { apiKey })).toThrow(/"apiKey" must be printable ASCII/);
      expect(() => provider("http://x", { apiKey })).not.toThrow(/abcdef/);
    }
  });

  it("refuses an address that is none, or that holds a password", () => {
    expect(() => provider("localhost:8000")).toThrow(/"baseURL" must be an http\(s\) URL/);
    expect(() => provider("http://user:secret@x/v1")).toThrow(/"baseURL"/);
    expect(() => provider("http://user:secret@x/v1")).not.toThrow(/secret/);
  });

  it("refuses headers that cannot be sent", () => {
    expect(() => provider("http://x", { headers: { "a b": "c" } })).toThrow(/"headers"/);
    expect(() => provider("http://x", { headers: { a: "b\r\nc: d" } })).toThrow(/"headers"/);
  });
});
