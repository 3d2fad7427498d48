import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { serve } from "../../../test/fixtures/http-server.ts";
import { createLLM } from "../create-llm.ts";
import type { LLMOptions } from "../llm-options.ts";
import type { LLM } from "../llm.ts";

type Answer = (response: ServerResponse, request: IncomingMessage, body: string) => void;

/** A server that gives these answers one after the other, the last one for ever, and a client for it. */
const world = async (answers: readonly Answer[], options: LLMOptions = {}) => {
  const received: { readonly url: string; readonly headers: IncomingMessage["headers"]; readonly body: string }[] = [];
  const origin = await serve((request, response) => {
    let body = "";
    request.on("data", (bytes: Buffer) => (body += bytes.toString()));
    request.on("end", () => {
      const answer = answers[Math.min(received.length, answers.length - 1)];
      received.push({ url: request.url ?? "", headers: request.headers, body });
      answer?.(response, request, body);
    });
  });
  const llm = createLLM({ rng: () => 0, ...options });
  onTestFinished(() => llm.close());
  return { llm, origin, received };
};

const chat: Answer = (response) => {
  response.writeHead(200, { "content-type": "application/json", "x-request-id": "req_1", "x-own": "kept" });
  response.end(
    JSON.stringify({
      choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Rhine" } }],
      usage: { prompt_tokens: 5, completion_tokens: 1 },
    }),
  );
};

const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: "c", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

const stream =
  (...pieces: readonly string[]): Answer =>
  (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(pieces.join(""));
  };

const cutAfter =
  (...pieces: readonly string[]): Answer =>
  (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(pieces.join(""), () => response.destroy());
  };

const refused =
  (status: number, body: object): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };

const post = (llm: LLM, url: string, body: object, init: RequestInit = {}): Promise<Response> =>
  llm.fetch(url, {
    method: "POST",
    headers: { authorization: "Bearer sk-an-sdk-key-0123456789", "x-mine": "1", "accept-encoding": "gzip" },
    body: JSON.stringify(body),
    ...init,
  });

const asked = { model: "m", messages: [{ role: "user", content: "A river?" }] };
const usage = `data: {"id":"c","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":1}}\n\n`;
const whole = [
  chunk({ role: "assistant", content: "" }),
  chunk({ content: "Rh" }),
  chunk({ content: "ine" }),
  chunk({}, "stop"),
];

describe("llm.fetch", () => {
  it("keeps the address, the query, the key and the headers, and gives the provider's answer and headers", async () => {
    const { llm, origin, received } = await world([chat]);
    const response = await post(llm, `${origin}/deep/v1/chat/completions?api-version=1`, asked);
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: "Rhine" } }] });
    expect(response.headers.get("x-request-id")).toBe("req_1");
    expect(response.headers.get("x-own")).toBe("kept");
    expect(received[0]).toMatchObject({
      url: "/deep/v1/chat/completions?api-version=1",
      headers: { authorization: "Bearer sk-an-sdk-key-0123456789", "x-mine": "1" },
    });
    expect(JSON.parse(received[0]?.body ?? "")).toEqual(asked);
  });

  it("takes a Request as it takes an address", async () => {
    const { llm, origin } = await world([chat]);
    const request = new Request(`${origin}/v1/chat/completions`, { method: "POST", body: JSON.stringify(asked) });
    expect((await llm.fetch(request)).status).toBe(200);
    expect(llm.stats().succeeded).toBe(1);
  });

  it("tries again what may succeed, without the SDK's knowing", async () => {
    const { llm, origin, received } = await world([refused(500, { error: { message: "no" } }), chat]);
    expect((await post(llm, `${origin}/v1/chat/completions`, asked)).status).toBe(200);
    expect(received).toHaveLength(2);
  });

  it("hands a stream on as it was, but for the usage that the SDK did not ask for", async () => {
    const { llm, origin, received } = await world([stream(...whole, usage, "data: [DONE]\n\n")]);
    const response = await post(llm, `${origin}/v1/chat/completions`, { ...asked, stream: true });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    expect(await response.text()).toBe([...whole, "data: [DONE]\n\n"].join(""));
    expect(JSON.parse(received[0]?.body ?? "")).toMatchObject({ stream_options: { include_usage: true } });
    expect(llm.stats().usage.outputTokens).toBe(1);
    const options = { stream: true, stream_options: { include_usage: true } };
    const second = await post(llm, `${origin}/v1/chat/completions`, { ...asked, ...options });
    expect(await second.text()).toContain(usage);
  });

  it("begins a stream anew that broke before it brought anything of the answer, and shows it once", async () => {
    const { llm, origin } = await world([cutAfter(whole[0] ?? ""), stream(...whole, "data: [DONE]\n\n")]);
    const response = await post(llm, `${origin}/v1/chat/completions`, { ...asked, stream: true });
    expect(await response.text()).toBe([...whole, "data: [DONE]\n\n"].join(""));
  });

  it("breaks a stream that breaks after something of the answer was read", async () => {
    const { llm, origin, received } = await world([cutAfter(...whole.slice(0, 2))]);
    const response = await post(llm, `${origin}/v1/chat/completions`, { ...asked, stream: true });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toMatchObject({ code: "interrupted", partial: "Rh" });
    expect(received).toHaveLength(1);
  });

  it("names the events of Anthropic and of OpenAI responses, without which their SDKs hear nothing", async () => {
    const events = [
      { type: "message_start", message: { id: "m", content: [], usage: { input_tokens: 3, output_tokens: 1 } } },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Rhine" } },
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } },
      { type: "message_stop" },
    ];
    const written = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    const { llm, origin } = await world([stream(...written)]);
    const response = await post(llm, `${origin}/v1/messages`, { ...asked, max_tokens: 9, stream: true });
    expect(await response.text()).toBe(written.join(""));
  });

  it.each([
    ["/v1/chat/completions", { error: { message: expect.any(String) as string, type: "network", code: "network" } }],
    ["/v1/messages", { type: "error", error: { type: "api_error", message: expect.any(String) as string } }],
    ["/v1beta/models/m:generateContent", { error: { code: 502, message: expect.any(String) as string } }],
  ])("answers a failure at %s in the words of its format, and says that it is final", async (path, body) => {
    const { llm, origin } = await world([(response) => void response.destroy()], { retry: 0 });
    const response = await post(llm, origin + path, asked);
    expect(response.status).toBe(502);
    expect(response.headers.get("x-should-retry")).toBe("false");
    expect(response.headers.get("x-sluice-code")).toBe("network");
    expect(await response.json()).toMatchObject(body);
  });

  it("gives the provider's own error as it is", async () => {
    const error = { message: "no such model", type: "invalid_request_error", code: "model_not_found", param: null };
    const { llm, origin } = await world([refused(404, { error })]);
    const response = await post(llm, `${origin}/v1/chat/completions`, asked);
    expect([response.status, await response.json()]).toEqual([404, { error }]);
  });

  it("ends with the signal's own reason, queued or in flight", async () => {
    const { llm, origin, received } = await world([() => undefined], { limits: { maxConcurrent: 1 } });
    const controllers = [new AbortController(), new AbortController()];
    const calls = controllers.map(({ signal }) => post(llm, `${origin}/v1/chat/completions`, asked, { signal }));
    const ended = Promise.allSettled(calls);
    while (received.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    for (const controller of controllers.toReversed()) controller.abort(new Error("enough"));
    expect((await ended).map((result) => result.status === "rejected" && String(result.reason))).toEqual([
      "Error: enough",
      "Error: enough",
    ]);
    expect(received).toHaveLength(1);
    await expect(post(llm, origin, asked, { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow(
      "before",
    );
  });

  it("passes on what asks no model", async () => {
    const { llm, origin, received } = await world([
      (response, { url, method }) => void response.end(JSON.stringify({ url, method })),
    ]);
    expect(await (await llm.fetch(`${origin}/v1/models`)).json()).toEqual({ url: "/v1/models", method: "GET" });
    const counted = await post(llm, `${origin}/v1/messages/count_tokens`, asked);
    expect(counted.status).toBe(200);
    expect(received).toHaveLength(2);
    expect(llm.stats().attempts).toBe(0);
  });

  it("counts each key by itself", async () => {
    const { llm, origin } = await world([chat]);
    for (const key of ["sk-one-0123456789abcdef", "sk-two-0123456789abcdef", "sk-one-0123456789abcdef"]) {
      await post(llm, `${origin}/v1/chat/completions`, asked, { headers: { authorization: `Bearer ${key}` } });
    }
    expect(llm.stats().pools.map(({ name }) => name)).toHaveLength(2);
    expect(JSON.stringify(llm.stats())).not.toContain("0123456789abcdef");
  });
});
