import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../call/json.ts";
import { createChatCollector } from "./chat-stream.ts";

const chunk = (delta: object, rest: object = {}, top: object = {}): JsonObject =>
  JSON.parse(
    JSON.stringify({
      id: "c1",
      object: "chat.completion.chunk",
      created: 1,
      model: "m",
      choices: [{ index: 0, delta, logprobs: null, finish_reason: null, ...rest }],
      usage: null,
      ...top,
    }),
  );

const collect = (...chunks: readonly JsonObject[]) => {
  const collector = createChatCollector();
  const events = chunks.map((event) => collector.add(event));
  return { collector, events, body: collector.body(), choice: first(collector.body()) };
};

const first = (body: JsonObject): JsonObject => (body["choices"] as readonly JsonObject[])[0] ?? expect.fail();

describe("a collected stream", () => {
  it("is the body that would have come without streaming", () => {
    const { body, events, collector } = collect(
      chunk({ role: "assistant", content: "", refusal: null }, {}, { obfuscation: "a8", system_fingerprint: "fp" }),
      chunk({ content: "Hel" }),
      chunk({ content: "lo" }),
      chunk({}, { finish_reason: "stop" }),
      { id: "c1", object: "chat.completion.chunk", choices: [], usage: { prompt_tokens: 9, completion_tokens: 2 } },
    );
    expect(body).toEqual({
      id: "c1",
      object: "chat.completion",
      created: 1,
      model: "m",
      system_fingerprint: "fp",
      choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
      usage: { prompt_tokens: 9, completion_tokens: 2 },
    });
    expect(events.map(({ text }) => text)).toEqual(["", "Hel", "lo", "", ""]);
    expect(events.map(({ content }) => content)).toEqual([false, true, true, false, false]);
    expect(collector.complete).toBe(true);
    expect(collector.length).toBeGreaterThanOrEqual(5);
  });

  it("joins tool calls by their index", () => {
    const call = (index: number, rest: object) => chunk({ tool_calls: [{ index, ...rest }] });
    const { choice } = collect(
      call(0, { id: "a", type: "function", function: { name: "f", arguments: "" } }),
      call(0, { function: { arguments: '{"x"' } }),
      call(1, { id: "b", type: "function", function: { name: "g", arguments: "{}" } }),
      call(0, { function: { arguments: ":1}" } }),
      chunk({}, { finish_reason: "tool_calls" }),
    );
    expect(choice["message"]).toEqual({
      role: "assistant",
      content: null,
      tool_calls: [
        { id: "a", type: "function", function: { name: "f", arguments: '{"x":1}' } },
        { id: "b", type: "function", function: { name: "g", arguments: "{}" } },
      ],
    });
  });

  it("keeps calls apart that come without an index, or all with the same", () => {
    const whole = (id: string, index?: number) =>
      chunk({ tool_calls: [{ id, ...(index !== undefined && { index }), function: { name: "f", arguments: id } }] });
    for (const index of [undefined, 0]) {
      const { choice } = collect(whole("a", index), whole("b", index));
      const message = choice["message"] as JsonObject;
      expect(message["tool_calls"]).toMatchObject([
        { id: "a", function: { arguments: "a" } },
        { id: "b", function: { arguments: "b" } },
      ]);
    }
  });

  it("keeps several answers apart and puts them in order", () => {
    const { body, collector, events } = collect(
      chunk({ content: "b" }, { index: 1 }),
      chunk({ content: "a" }),
      chunk({}, { finish_reason: "stop" }),
      chunk({ content: "B" }, { index: 1, finish_reason: "length" }),
    );
    expect(body["choices"]).toMatchObject([
      { index: 0, message: { content: "a" }, finish_reason: "stop" },
      { index: 1, message: { content: "bB" }, finish_reason: "length" },
    ]);
    expect(events.map(({ text }) => text)).toEqual(["", "a", "", ""]);
    expect(collector.complete).toBe(true);
  });

  it("keeps refusals, reasoning, log probabilities and a vendor's own fields", () => {
    const { choice, body, events } = collect(
      chunk({ reasoning_content: "so " }, { logprobs: { content: [{ token: "a" }] } }),
      chunk({ reasoning_content: "on" }, { logprobs: { content: [{ token: "b" }] }, native_finish_reason: "STOP" }),
      chunk({ refusal: "I " }),
      chunk({ refusal: "won't" }, { finish_reason: "stop", native_finish_reason: "STOP" }, { provider: "P" }),
    );
    expect(choice).toEqual({
      index: 0,
      message: { role: "assistant", content: null, reasoning_content: "so on", refusal: "I won't" },
      logprobs: { content: [{ token: "a" }, { token: "b" }] },
      native_finish_reason: "STOP",
      finish_reason: "stop",
    });
    expect(body["provider"]).toBe("P");
    expect(events.every(({ content }) => content)).toBe(true);
  });

  it("joins content that comes as parts", () => {
    const { choice } = collect(
      chunk({ content: [{ type: "thinking", thinking: [{ type: "text", text: "hm" }] }] }),
      chunk({ content: "answer" }),
    );
    expect(choice["message"]).toMatchObject({
      content: [{ type: "thinking" }, { type: "text", text: "answer" }],
    });
  });
});

describe("a stream's end", () => {
  it("is a finish reason of every answer", () => {
    const { collector } = collect(chunk({ content: "a" }, { finish_reason: "" }));
    expect(collector.complete).toBe(false);
    collector.add(chunk({}, { finish_reason: "stop" }));
    expect(collector.complete).toBe(true);
    collector.add(chunk({ content: "b" }, { index: 1 }));
    expect(collector.complete).toBe(false);
  });

  it("is [DONE], and nothing more can come after it", () => {
    const { collector } = collect(chunk({ content: "a" }));
    expect(collector.addText("[DON")).toBe(false);
    expect(collector.finished).toBe(false);
    expect(collector.addText("[DONE]")).toBe(true);
    expect(collector.finished && collector.complete).toBe(true);
  });

  it("does not come from a stream without a single answer", () => {
    const collector = createChatCollector();
    collector.add({ choices: [] });
    expect(collector.complete).toBe(false);
  });
});
