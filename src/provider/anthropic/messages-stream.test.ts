import Anthropic from "@anthropic-ai/sdk";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../call/json.ts";
import {
  blockDelta,
  blockStart,
  blockStop,
  messageDelta,
  messageStart,
  messageStop,
  named,
  ping,
  wholeMessage,
  wholeStream,
} from "../../../test/fixtures/anthropic-stream.ts";
import { serve } from "../../../test/fixtures/http-server.ts";
import { streaming } from "../../../test/fixtures/streamed-answer.ts";
import { createMessagesCollector } from "./messages-stream.ts";

const collect = (...events: readonly JsonObject[]) => {
  const collector = createMessagesCollector();
  const added = events.map((event) => collector.add(event));
  return { collector, added, body: collector.body() };
};

describe("a collected message", () => {
  it("is the one that would have come without streaming", () => {
    const { body, added, collector } = collect(...wholeStream);
    expect(body).toEqual(wholeMessage);
    expect(added.map(({ text }) => text).join("")).toBe("Hello 日本");
    expect(added.map(({ body: event }) => event)).toEqual(wholeStream);
    expect(collector.reportedOutputTokens).toBe(15);
    expect(collector.length).toBeGreaterThan(30);
  });

  it("is the one that Anthropic's own SDK makes", async () => {
    const baseURL = await serve(streaming(...wholeStream.map(named)));
    const client = new Anthropic({ apiKey: "k", baseURL, maxRetries: 0 });
    const stream = client.messages.stream({ model: "m", max_tokens: 9, messages: [{ role: "user", content: "hi" }] });
    const message = JSON.parse(JSON.stringify(await stream.finalMessage())) as JsonObject;
    expect(message).toMatchObject(collect(...wholeStream).body);
  });

  it("counts as content what carries some of the answer", () => {
    const { added } = collect(...wholeStream);
    const silent = added.filter(({ content }) => !content).map(({ body }) => body["type"]);
    expect(silent).toEqual([
      "message_start",
      "content_block_start",
      "ping",
      "content_block_stop",
      "content_block_start",
      "content_block_stop",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
  });

  it("ignores events and deltas that it does not know", () => {
    const strange = [
      { type: "new_event", text: "x" },
      {},
      blockDelta(0, { type: "new_delta", text: "x" }),
      blockDelta(7, {}),
    ];
    const [start, ...rest] = wholeStream;
    const { body, added } = collect(start ?? {}, ...strange, ...rest);
    expect(body).toEqual(wholeMessage);
    expect(added.slice(1, 5).map(({ content }) => content)).toEqual([false, false, false, false]);
  });

  it("keeps an input that is no JSON as it was written", () => {
    const { body } = collect(
      messageStart,
      blockStart(0, { type: "tool_use", id: "t", name: "f", input: {} }),
      blockDelta(0, { type: "input_json_delta", partial_json: '{"a": [1, ' }),
      messageDelta("max_tokens", 3),
      messageStop,
    );
    expect(body["content"]).toEqual([{ type: "tool_use", id: "t", name: "f", input: '{"a": [1, ' }]);
  });

  it("keeps blocks that come whole, and the order of their indexes", () => {
    const found = { type: "web_search_tool_result", tool_use_id: "s", content: [{ type: "web_search_result" }] };
    const { body, added } = collect(
      messageStart,
      blockStart(1, { type: "text", text: "whole" }),
      blockStart(0, found),
      blockStart(2, { type: "redacted_thinking", data: "x" }),
    );
    expect(body["content"]).toEqual([found, { type: "text", text: "whole" }, { type: "redacted_thinking", data: "x" }]);
    expect(added.map(({ text }) => text)).toEqual(["", "whole", "", ""]);
    expect(added.map(({ content }) => content)).toEqual([false, true, true, true]);
  });

  it("takes sums of usage as sums, and leaves what is not told", () => {
    const told = (usage: JsonObject): JsonObject => ({ type: "message_delta", delta: {}, usage });
    const { body, collector } = collect(
      messageStart,
      told({ output_tokens: 7, input_tokens: null }),
      told({ output_tokens: 9 }),
    );
    expect(body["usage"]).toMatchObject({ input_tokens: 25, output_tokens: 9, cache_read_input_tokens: 5 });
    expect(collector.reportedOutputTokens).toBe(9);
  });

  it("keeps why it was refused", () => {
    const details = { type: "refusal", category: "cyber", explanation: "x" };
    const { body } = collect(messageStart, {
      type: "message_delta",
      delta: { stop_reason: "refusal", stop_details: details, container: null },
      usage: { output_tokens: 2 },
    });
    expect(body).toMatchObject({ stop_reason: "refusal", stop_details: details, content: [] });
  });
});

describe("a message's end", () => {
  it("is message_stop, and nothing more can come after it", () => {
    const { collector } = collect(...wholeStream.slice(0, -1), ping);
    expect(collector.complete || collector.finished).toBe(false);
    collector.add(messageStop);
    expect(collector.complete && collector.finished).toBe(true);
  });

  it("does not come to a message that never began", () => {
    const { collector } = collect(blockStop(0), messageStop);
    expect(collector.complete).toBe(false);
    expect(collector.addText("[DONE]")).toBe(false);
  });
});
