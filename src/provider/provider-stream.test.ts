import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Call } from "../call/call.ts";
import { CallError } from "../call/call-error.ts";
import type { Context } from "../call/context.ts";
import type { JsonObject } from "../call/json.ts";
import type { StreamEvent } from "../call/stream-event.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { createProvider, type ProviderOptions } from "./provider.ts";
import { createTransport } from "./transport.ts";
import type { Vendor } from "./vendor.ts";
import { findVendor } from "./vendors.ts";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
};

const vendor = (name: string): Vendor => findVendor(name) ?? expect.fail();

const call = (body: JsonObject = {}): Call => ({
  id: "1",
  operation: "chat",
  model: { provider: "openai", name: "m" },
  body: { model: "m", messages: [], stream: true, ...body },
  demand: { inputTokens: 1, outputTokens: 1 },
});

const context = (more: Partial<Context> = {}): Context => ({
  signal: new AbortController().signal,
  clock: new VirtualClock(),
  attempt: 1,
  sequence: 0,
  observe: () => {},
  cancel: () => {},
  ...more,
});

const ask = (baseURL: string, more: Partial<Context> = {}, options: Partial<ProviderOptions> = {}, body = {}) => {
  const transport = createTransport();
  cleanups.push(() => transport.close());
  return createProvider({ vendor: vendor("openai"), baseURL, transport, ...options })(call(body), context(more));
};

const event = (data: object | string): string => `data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
const piece = (content: string): string => event({ id: "c", choices: [{ index: 0, delta: { content } }] });
const stop = event({ id: "c", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
const usage = event({ id: "c", choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } });
const done = event("[DONE]");

const open = (response: ServerResponse, type = "text/event-stream; charset=utf-8"): ServerResponse =>
  response.writeHead(200, { "content-type": type, "x-request-id": "r1" });

/** Streams these pieces, each in a write of its own, and ends. */
const streaming =
  (...pieces: readonly string[]): RequestListener =>
  (_, response) => {
    open(response);
    for (const text of pieces) response.write(text);
    response.end();
  };

const text = (body: JsonObject): unknown => JSON.parse(JSON.stringify(body)).choices[0].message.content;

describe("a stream", () => {
  it("gives the whole body, its events one by one, and progress at content only", async () => {
    const events: StreamEvent[] = [];
    const progress: string[] = [];
    const baseURL = await serve(
      streaming(": keep-alive\n\n", piece(""), piece("Hel"), ": keep-alive\n\n", piece("lo"), stop, usage, done),
    );
    const reply = await ask(baseURL, {
      onEvent: (item) => void events.push(item),
      onProgress: (step) => void progress.push(step),
    });
    expect(reply).toMatchObject({
      status: 200,
      requestId: "r1",
      deployment: "openai",
      usage: { inputTokens: 3, outputTokens: 2 },
    });
    expect(text(reply.body)).toBe("Hello");
    expect(events.map((item) => item.text)).toEqual(["", "Hel", "lo", "", ""]);
    expect(progress).toEqual(["head", "content", "content"]);
  });

  it("asks for usage unless the body says otherwise or the vendor refuses", async () => {
    const bodies: JsonObject[] = [];
    const baseURL = await serve((request, response) => {
      let body = "";
      request.on("data", (bytes) => (body += bytes));
      request.on("end", () => {
        bodies.push(JSON.parse(body) as JsonObject);
        streaming(stop, done)(request, response);
      });
    });
    await ask(baseURL);
    await ask(baseURL, {}, {}, { stream_options: { include_obfuscation: false } });
    await ask(baseURL, {}, {}, { stream_options: { include_usage: false } });
    await ask(baseURL, {}, { vendor: vendor("mistral") });
    expect(bodies.map((body) => body["stream_options"])).toEqual([
      { include_usage: true },
      { include_usage: true, include_obfuscation: false },
      { include_usage: false },
      undefined,
    ]);
  });

  it.each([
    ["a finish reason and no [DONE]", [piece("a"), stop]],
    ["[DONE] and no finish reason", [piece("a"), done]],
    ["a last event without its blank line", [piece("a"), stop.trimEnd()]],
  ])("is complete with %s", async (_, pieces) => {
    expect(text((await ask(await serve(streaming(...pieces)))).body)).toBe("a");
  });

  it("is complete at [DONE], though the server holds the connection open", async () => {
    const baseURL = await serve((_, response) => void open(response).write(piece("a") + done));
    expect(text((await ask(baseURL)).body)).toBe("a");
  });

  it("is complete when the connection breaks, or the attempt's time ends, after the finish reason", async () => {
    const breaking = await serve((_, response) => {
      open(response).write(piece("a") + stop, () => setTimeout(() => response.destroy(), 20));
    });
    expect(text((await ask(breaking)).body)).toBe("a");
    const controller = new AbortController();
    const stalling = await serve((_, response) => void open(response).write(piece("a") + stop));
    const reply = ask(stalling, {
      signal: controller.signal,
      onEvent: ({ content }) => {
        if (!content) setImmediate(() => controller.abort(new CallError("timeout", "silence")));
      },
    });
    expect(text((await reply).body)).toBe("a");
  });

  it("may come under another type", async () => {
    const baseURL = await serve((_, response) => void open(response, "text/plain").end(`\n\n${piece("a")}${done}`));
    expect(text((await ask(baseURL)).body)).toBe("a");
  });

  it("may be answered whole: that is one event", async () => {
    const events: StreamEvent[] = [];
    const body = { choices: [{ index: 0, message: { content: "hi" }, finish_reason: "stop" }] };
    for (const type of ["application/json", "text/event-stream"]) {
      const baseURL = await serve((_, response) => void open(response, type).end(JSON.stringify(body)));
      const reply = await ask(baseURL, { onEvent: (item) => void events.push(item) });
      expect(reply.body).toEqual(body);
    }
    expect(events).toEqual([
      { body, text: "hi", content: true },
      { body, text: "hi", content: true },
    ]);
  });
});
