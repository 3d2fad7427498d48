import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import type { JsonObject } from "../call/json.ts";
import type { StreamEvent } from "../call/stream-event.ts";
import { serveProvider, vendor } from "../../test/fixtures/provider-call.ts";
import { done, open, piece, stop, streaming, usage } from "../../test/fixtures/streamed-answer.ts";
import { ask } from "../../test/fixtures/streamed-call.ts";

const text = (body: JsonObject): unknown => JSON.parse(JSON.stringify(body)).choices[0].message.content;

describe("a stream", () => {
  it("gives the whole body, its events one by one, and progress at content only", async () => {
    const events: StreamEvent[] = [];
    const progress: string[] = [];
    const baseURL = await serveProvider(
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

  it("makes no progress by blank lines, comments or pings, under whatever type", async () => {
    const quiet = ["\n", "\r\n\n", ": keep-alive\n\n", "event: ping\n\n", "event: ping\ndata: {}\n\n", "data:\n\n"];
    for (const type of ["text/event-stream", "text/plain"]) {
      const progress: string[] = [];
      const baseURL = await serveProvider((_, response) => {
        const pieces = [...quiet, piece("a"), ...quiet, stop, done];
        const next = (): void => {
          const text = pieces.shift();
          if (text === undefined) response.end();
          else response.write(text, () => setImmediate(next));
        };
        open(response, type);
        next();
      });
      await ask(baseURL, { onProgress: (step) => void progress.push(step) });
      expect(progress).toEqual(["head", "content"]);
    }
  });

  it("asks for usage unless the body says otherwise or the vendor refuses", async () => {
    const bodies: JsonObject[] = [];
    const baseURL = await serveProvider((request, response) => {
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
    expect(text((await ask(await serveProvider(streaming(...pieces)))).body)).toBe("a");
  });

  it("is complete at [DONE], though the server holds the connection open", async () => {
    const baseURL = await serveProvider((_, response) => void open(response).write(piece("a") + done));
    expect(text((await ask(baseURL)).body)).toBe("a");
  });

  it("is complete when the connection breaks, or the attempt's time ends, after the finish reason", async () => {
    const breaking = await serveProvider((_, response) => {
      open(response).write(piece("a") + stop, () => setTimeout(() => response.destroy(), 20));
    });
    expect(text((await ask(breaking)).body)).toBe("a");
    const controller = new AbortController();
    const stalling = await serveProvider((_, response) => void open(response).write(piece("a") + stop));
    const reply = ask(stalling, {
      signal: controller.signal,
      onEvent: ({ content }) => {
        if (!content) setImmediate(() => controller.abort(new CallError("timeout", "silence")));
      },
    });
    expect(text((await reply).body)).toBe("a");
  });

  it("may come under another type", async () => {
    const baseURL = await serveProvider(
      (_, response) => void open(response, "text/plain").end(`\n\n${piece("a")}${done}`),
    );
    expect(text((await ask(baseURL)).body)).toBe("a");
  });

  it("may be answered whole: that is one event", async () => {
    const events: StreamEvent[] = [];
    const body = { choices: [{ index: 0, message: { content: "hi" }, finish_reason: "stop" }] };
    for (const type of ["application/json", "text/event-stream"]) {
      const baseURL = await serveProvider((_, response) => void open(response, type).end(JSON.stringify(body)));
      const reply = await ask(baseURL, { onEvent: (item) => void events.push(item) });
      expect(reply.body).toEqual(body);
    }
    expect(events).toEqual([
      { body, text: "hi", content: true },
      { body, text: "hi", content: true },
    ]);
  });
});
