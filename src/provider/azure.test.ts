import type { IncomingHttpHeaders } from "node:http";
import { describe, expect, it } from "vitest";
import type { Operation } from "../call/call.ts";
import type { QuotaReading } from "../call/limiter.ts";
import type { StreamEvent } from "../call/stream-event.ts";
import { call, context, provider, serveProvider, vendor } from "../../test/fixtures/provider-call.ts";
import { serve } from "../../test/fixtures/http-server.ts";
import { done, event, piece, stop, streaming } from "../../test/fixtures/streamed-answer.ts";
import { ask } from "../../test/fixtures/streamed-call.ts";
import { answering } from "../../test/fixtures/whole-answer.ts";

const azure = { vendor: vendor("azure"), apiKey: "azure-key" };

const answers: Readonly<Partial<Record<Operation, object>>> = {
  chat: { choices: [{ message: { content: "a" }, finish_reason: "stop" }] },
  responses: { status: "completed", output: [] },
  embeddings: { data: [] },
};

/** Where a call is posted when the base URL ends so, and with which headers. */
const posted = async (end: string, operation: Operation, name = "my deployment") => {
  const seen: { path?: string | undefined; headers?: IncomingHttpHeaders } = {};
  const origin = await serve((request, response) => {
    Object.assign(seen, { path: request.url, headers: request.headers });
    answering(200, answers[operation] ?? {})(request, response);
  });
  const asked = { ...call(), operation, model: { provider: "azure", name } };
  await provider(origin + end, azure)(asked, context());
  return seen;
};

describe("Azure's address", () => {
  it.each([
    ["/openai/v1", "chat", "/openai/v1/chat/completions"],
    ["/openai/v1", "responses", "/openai/v1/responses"],
    ["/openai/v1", "embeddings", "/openai/v1/embeddings"],
    ["/openai/v1?api-version=preview", "responses", "/openai/v1/responses?api-version=preview"],
    ["?api-version=2024-10-21", "chat", "/openai/deployments/my%20deployment/chat/completions?api-version=2024-10-21"],
    ["/openai?api-version=1", "embeddings", "/openai/deployments/my%20deployment/embeddings?api-version=1"],
    ["?api-version=1", "responses", "/openai/responses?api-version=1"],
    ["/openai/deployments/d?api-version=1", "chat", "/openai/deployments/d/chat/completions?api-version=1"],
  ] as const)("%s makes of %s %s", async (end, operation, path) => {
    expect((await posted(end, operation)).path).toBe(path);
  });

  it("gets the key in a header of its own", async () => {
    const { headers } = await posted("/openai/v1", "chat");
    expect(headers).toMatchObject({ "api-key": "azure-key" });
    expect(headers?.authorization).toBeUndefined();
  });
});

describe("Azure's headers", () => {
  it("count seconds, and say 0 or -1 for what they do not know", async () => {
    const readings: QuotaReading[] = [];
    const headers = {
      "x-ratelimit-limit-requests": "-1",
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-limit-tokens": "120000",
      "x-ratelimit-remaining-tokens": "119000",
      "x-ratelimit-reset-tokens": "37",
      "apim-request-id": "r7",
    };
    const baseURL = await serveProvider(answering(200, answers.chat ?? {}, headers));
    const listening = context({ onReading: (reading) => readings.push(reading) });
    const reply = await provider(baseURL, azure)(call(), listening);
    expect(reply.requestId).toBe("r7");
    expect(readings).toEqual([[{ unit: "total", limit: 120_000, remaining: 119_000, resetMs: 37_000 }]]);
  });
});

describe("Azure's streams", () => {
  const filtered = event({
    id: "",
    choices: [],
    prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }],
  });

  it("begin with a chunk that has no choices", async () => {
    const events: StreamEvent[] = [];
    const baseURL = await serveProvider(streaming(filtered, piece("hi"), stop, done));
    const reply = await ask(baseURL, { onEvent: (item) => void events.push(item) }, azure);
    expect(reply.body).toMatchObject({ choices: [{ message: { content: "hi" }, finish_reason: "stop" }] });
    expect(events.map(({ content }) => content)).toEqual([false, true, false]);
  });

  it("are no answer when that is all there is", async () => {
    const baseURL = await serveProvider(streaming(filtered));
    await expect(ask(baseURL, {}, azure)).rejects.toMatchObject({ code: "malformed" });
  });
});
