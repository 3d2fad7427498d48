import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { serve } from "../../../test/fixtures/http-server.ts";
import { createLLM } from "../create-llm.ts";
import type { LLMOptions } from "../llm-options.ts";
import type { LLM } from "../llm.ts";

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A server that answers so, and a client for it. */
const world = async (answer: Answer, options: LLMOptions = {}) => {
  const received: { readonly url: string; readonly headers: IncomingMessage["headers"]; readonly body: string }[] = [];
  const origin = await serve((request, response) => {
    let body = "";
    request.on("data", (bytes: Buffer) => (body += bytes.toString()));
    request.on("end", () => {
      received.push({ url: request.url ?? "", headers: request.headers, body });
      answer(response, request);
    });
  });
  const llm = createLLM({ retry: 0, ...options });
  onTestFinished(() => llm.close());
  return { llm, origin, received };
};

const json =
  (body: object, status = 200): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };

const events =
  (...bodies: readonly object[]): Answer =>
  (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(bodies.map((body) => `data: ${JSON.stringify(body)}\n\n`).join(""));
  };

const message = { role: "assistant", content: "Rhine" };
const rhine = { choices: [{ index: 0, finish_reason: "stop", message }] };
const asked = { model: "m", messages: [{ role: "user", content: "A river?" }] };
const text = JSON.stringify(asked);

const post = (llm: LLM, url: string, init: RequestInit = {}): Promise<Response> =>
  llm.fetch(url, { method: "POST", body: text, ...init });

describe("a request of an odd kind", () => {
  const bytes = new TextEncoder().encode(text);
  it.each<[string, () => RequestInit["body"]]>([
    ["a Blob", () => new Blob([text])],
    ["a stream", () => new Blob([bytes]).stream()],
    ["an async iterable", () => ReadableStream.from([bytes])],
    ["a DataView", () => new DataView(bytes.buffer)],
  ])("with %s as its body counts like any other", async (_, body) => {
    const { llm, origin, received } = await world(json(rhine));
    const init = { body: body(), duplex: "half" } as RequestInit;
    expect((await post(llm, `${origin}/v1/chat/completions`, init)).status).toBe(200);
    expect(llm.stats().attempts).toBe(1);
    expect(JSON.parse(received[0]?.body ?? "")).toEqual(asked);
  });

  it("whose streamed body is no JSON reaches the server whole", async () => {
    const { llm, origin, received } = await world(json({ error: { message: "no" } }, 400));
    const init = { body: new Blob(["what?"]).stream(), duplex: "half" } as RequestInit;
    expect((await post(llm, `${origin}/v1/chat/completions`, init)).status).toBe(400);
    expect(received[0]?.body).toBe("what?");
    expect(llm.stats().attempts).toBe(0);
  });

  it("that adds a message to a thread of an assistant is none to a model", async () => {
    const { llm, origin } = await world(json({ object: "thread.message" }));
    const response = await post(llm, `${origin}/v1/threads/thread_1/messages`);
    expect(await response.json()).toEqual({ object: "thread.message" });
    expect(llm.stats().attempts).toBe(0);
  });

  it.each([
    ["Basic dXNlcjpwYXNz d29yZA==", "/v1/chat/completions"],
    ["Bearer", "/v1/chat/completions?key=a%0Ab"],
    ["Bearer x", "/openai/deployments/%zz/chat/completions"],
  ])("with the authorization %j at %s goes out as it is", async (authorization, path) => {
    const { llm, origin, received } = await world(json(rhine));
    const headers = { authorization, expect: "100-continue" };
    expect((await post(llm, origin + path, { headers })).status).toBe(200);
    expect(received[0]).toMatchObject({ url: path, headers: { authorization } });
  });

  it("for a stream without events gets the one list that Google answers then", async () => {
    const part = (piece: string, more: object = {}) => ({
      candidates: [{ content: { parts: [{ text: piece }] }, ...more }],
    });
    const parts = [part("Rh"), part("ine", { finishReason: "STOP" })];
    const { llm, origin, received } = await world(events(...parts));
    const response = await post(llm, `${origin}/v1beta/models/m:streamGenerateContent?key=k`);
    expect(received[0]?.url).toBe("/v1beta/models/m:streamGenerateContent?key=k&alt=sse");
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(await response.json()).toEqual(parts);
  });
});

describe("an odd answer", () => {
  it.each([
    [999, 502],
    [418, 418],
  ])("of status %i is told as %i", async (given, told) => {
    const { llm, origin } = await world(json({ error: { message: "no", request_id: "河流" } }, given));
    const response = await post(llm, `${origin}/v1/chat/completions`);
    expect([response.status, response.headers.get("x-sluice-code") === null]).toEqual([told, false]);
  });

  it("to a stream that comes whole is one chunk", async () => {
    const { llm, origin } = await world(json(rhine));
    const response = await post(llm, `${origin}/v1/chat/completions`, {
      body: JSON.stringify({ ...asked, stream: true }),
    });
    const [first = "", last] = (await response.text()).split("\n\n");
    expect(JSON.parse(first.slice(6))).toMatchObject({
      choices: [{ index: 0, finish_reason: "stop", delta: message }],
    });
    expect(last).toBe("data: [DONE]");
  });

  it("with a usage that the client refused, but the server gives, is handed on whole", async () => {
    const usage = { choices: [], usage: { prompt_tokens: 5, completion_tokens: 1 } };
    const chunk = { choices: [{ index: 0, delta: { content: "x" }, finish_reason: "stop" }] };
    const { llm, origin } = await world(events(chunk, usage));
    const body = JSON.stringify({ ...asked, stream: true, stream_options: { include_usage: false } });
    expect(await (await post(llm, `${origin}/v1/chat/completions`, { body })).text()).toContain(JSON.stringify(usage));
  });
});

describe("many keys", () => {
  it("are bounded, and none of them is shown, wherever it goes", async () => {
    const { llm, origin, received } = await world((response, { headers }) => {
      json({ error: { message: `wrong key ${headers.authorization} ${String(headers["x-api-key"])}` } }, 401)(
        response,
        {} as IncomingMessage,
      );
    });
    const keyOf = (index: number): string => `a-key-of-number-${index}-that-is-secret`;
    let said = "";
    for (let index = 0; index < 260; index++) {
      const headers = { authorization: `Bearer ${keyOf(index)}` };
      said += await (await post(llm, `${origin}/v1/chat/completions`, { headers })).text();
    }
    said += await (await post(llm, `${origin}/v1/messages`, { headers: { "x-api-key": keyOf(300) } })).text();
    expect(received).toHaveLength(261);
    expect(said).not.toContain("that-is-secret");
    expect(llm.stats().pools.length).toBeLessThanOrEqual(256);
  });
});

describe("a stream that nobody reads", () => {
  it("does not keep the client from closing, and can be read afterwards", async () => {
    const chunk = { choices: [{ index: 0, delta: { content: "x".repeat(1000) }, finish_reason: null }] };
    const end = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
    const { llm, origin } = await world(events(...Array.from({ length: 3000 }, () => chunk), end));
    const response = await post(llm, `${origin}/v1/chat/completions`, {
      body: JSON.stringify({ ...asked, stream: true }),
    });
    await llm.close();
    expect((await response.text()).length).toBeGreaterThan(3e6);
  });
});
