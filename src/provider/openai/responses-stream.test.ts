import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../call/json.ts";
import type { StreamEvent } from "../../call/stream-event.ts";
import { call, context, provider, serveProvider } from "../../../test/fixtures/provider-call.ts";
import { streaming } from "../../../test/fixtures/streamed-answer.ts";
import { createResponsesCollector } from "./responses-stream.ts";

const response = (more: JsonObject = {}): JsonObject => ({
  id: "resp_1",
  object: "response",
  status: "in_progress",
  error: null,
  incomplete_details: null,
  output: [],
  usage: null,
  ...more,
});
const usage = { input_tokens: 3, output_tokens: 2, total_tokens: 5 };
const said = (...texts: readonly string[]): JsonObject => ({
  type: "message",
  id: "msg_1",
  role: "assistant",
  status: "completed",
  content: texts.map((text) => ({ type: "output_text", text, annotations: [] })),
});

const created: JsonObject = { type: "response.created", response: response() };
const added: JsonObject = {
  type: "response.output_item.added",
  output_index: 0,
  item: { ...said(), status: "in_progress" },
};
const part: JsonObject = {
  type: "response.content_part.added",
  output_index: 0,
  content_index: 0,
  part: { type: "output_text", text: "", annotations: [] },
};
const delta = (text: string, more: JsonObject = {}): JsonObject => ({
  type: "response.output_text.delta",
  output_index: 0,
  content_index: 0,
  delta: text,
  ...more,
});
const completed = (more: JsonObject = {}): JsonObject => ({
  type: "response.completed",
  response: response({ status: "completed", output: [said("Hello")], usage, ...more }),
});

const collect = (...events: readonly JsonObject[]) => {
  const collector = createResponsesCollector();
  const seen = events.map((event) => collector.add(event));
  return { collector, seen, output: collector.body()["output"], texts: seen.map(({ text }) => text) };
};

describe("a collected response", () => {
  it("is the whole one that the last event carries", () => {
    const { collector, seen, texts } = collect(created, added, part, delta("Hel"), delta("lo"), completed());
    expect(collector.body()).toEqual(completed()["response"]);
    expect(texts).toEqual(["", "", "", "Hel", "lo", ""]);
    expect(seen.map(({ content }) => content)).toEqual([false, false, false, true, true, false]);
    expect(collector).toMatchObject({ complete: true, finished: true, reportedOutputTokens: 2, length: 5 });
  });

  it("is not complete before that", () => {
    const { collector } = collect(created, added, part, delta("Hello"));
    expect(collector).toMatchObject({ complete: false, finished: false, reportedOutputTokens: undefined });
    expect(collector.addText("[DONE]")).toBe(true);
    expect(collector.addText("hello")).toBe(false);
    expect(collector.complete).toBe(false);
  });

  it("is put together from its pieces where the last event was cut down", () => {
    const cut = { type: "response.completed", response: { id: "resp_1", usage } };
    const { collector } = collect(created, added, part, delta("Hel"), delta("lo"), cut);
    expect(collector.body()).toMatchObject({
      id: "resp_1",
      object: "response",
      status: "completed",
      usage,
      output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "Hello" }] }],
    });
    const unannounced = collect(delta("Hel"), delta("lo"), completed({ output: [] }));
    expect(unannounced.output).toEqual([
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "Hello" }] },
    ]);
  });

  it("joins arguments of several functions, reasoning and refusals", () => {
    const pieces = (type: string, index: number, place: JsonObject, ...texts: readonly string[]) =>
      texts.map((text) => ({ type: `response.${type}.delta`, output_index: index, ...place, delta: text }));
    const { output, seen } = collect(
      ...pieces("reasoning_summary_text", 0, { summary_index: 0 }, "so ", "on"),
      { type: "response.output_item.added", output_index: 1, item: { type: "function_call", call_id: "a", name: "f" } },
      { type: "response.output_item.added", output_index: 2, item: { type: "function_call", call_id: "b", name: "g" } },
      ...pieces("function_call_arguments", 2, {}, "{}"),
      ...pieces("function_call_arguments", 1, {}, '{"x"', ":1}"),
      ...pieces("refusal", 3, { content_index: 0 }, "I ", "won't"),
    );
    expect(output).toEqual([
      { type: "reasoning", summary: [{ type: "summary_text", text: "so on" }] },
      { type: "function_call", call_id: "a", name: "f", arguments: '{"x":1}' },
      { type: "function_call", call_id: "b", name: "g", arguments: "{}" },
      { type: "message", role: "assistant", content: [{ type: "refusal", refusal: "I won't" }] },
    ]);
    expect(seen.every(({ content, text }) => content && text === "")).toBe(true);
  });

  it("gives its text even where no delta brought it", () => {
    const done = { ...delta(""), type: "response.output_text.done", text: "Hello" };
    expect(collect(created, done, completed()).texts).toEqual(["", "Hello", ""]);
    expect(collect(created, delta("Hel"), done, completed()).texts).toEqual(["", "Hel", "lo", ""]);
    expect(collect(created, completed()).texts).toEqual(["", "Hello"]);
  });

  it("leaves the events alone that its reader holds", () => {
    const events = [added, part, delta("Hello"), completed({ output: [] })];
    const before = JSON.stringify(events);
    collect(...events);
    expect(JSON.stringify(events)).toBe(before);
  });

  it("takes an item whole when it ends, and events of other kinds as they are", () => {
    const search = { type: "web_search_call", id: "ws_1", status: "completed" };
    const { output, seen } = collect(
      { type: "response.output_item.added", output_index: 0, item: { type: "web_search_call", id: "ws_1" } },
      { type: "response.web_search_call.searching", output_index: 0, item_id: "ws_1" },
      { type: "response.output_item.done", output_index: 0, item: search },
      { type: "response.something.new", delta: "x" },
    );
    expect(output).toEqual([search]);
    expect(seen.map(({ content }) => content)).toEqual([true, false, false, true]);
  });
});

const sent = (...events: readonly JsonObject[]): readonly string[] =>
  events.map((event, index) => {
    const name = typeof event["type"] === "string" ? event["type"] : "";
    return `event: ${name}\ndata: ${JSON.stringify({ ...event, sequence_number: index })}\n\n`;
  });

const ask = async (events: readonly JsonObject[], onEvent: (event: StreamEvent) => void = () => {}) => {
  const baseURL = await serveProvider(streaming(...sent(...events)));
  const asked = { ...call({ input: "hi", stream: true }), operation: "responses" as const };
  return provider(baseURL)(asked, context({ onEvent }));
};

describe("a response over HTTP", () => {
  it("is read from named events that no [DONE] ends", async () => {
    const texts: string[] = [];
    const reply = await ask([created, added, part, delta("Hel"), delta("lo"), completed()], ({ text }) =>
      texts.push(text),
    );
    expect(reply.body).toEqual(completed()["response"]);
    expect(reply.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
    expect(texts.join("")).toBe("Hello");
  });

  it("is malformed when it ends before its last event", async () => {
    await expect(ask([created, delta("Hel")])).rejects.toMatchObject({ code: "malformed", retryable: true });
  });

  it.each([
    ["rate_limit_exceeded", "throttled"],
    ["server_error", "server"],
    ["invalid_prompt", "content_filter"],
    ["bio_policy", "content_filter"],
    ["image_content_policy_violation", "content_filter"],
    ["data_residency_mismatch", "invalid_request"],
    ["image_too_large", "invalid_request"],
    ["vector_store_timeout", "server"],
  ])("that fails for %s is %s", async (code, meaning) => {
    const failed = { type: "response.failed", response: response({ status: "failed", error: { code, message: "m" } }) };
    await expect(ask([created, failed])).rejects.toMatchObject({ code: meaning, status: 200 });
    await expect(ask([created, { type: "error", code, message: "m", param: null }])).rejects.toMatchObject({
      code: meaning,
    });
  });
});
