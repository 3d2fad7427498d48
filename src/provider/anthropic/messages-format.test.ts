import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../call/json.ts";
import { attachmentTokens } from "../tokens/content-tokens.ts";
import { estimateTokens } from "../tokens/estimate-tokens.ts";
import { findVendor } from "../vendors.ts";
import { wholeMessage } from "../../../test/fixtures/anthropic-stream.ts";
import { messagesFormat } from "./messages-format.ts";

const message = (rest: JsonObject): JsonObject => ({ type: "message", role: "assistant", content: [], ...rest });

describe("a message", () => {
  it("is an answer when it has content, be it none", () => {
    expect(messagesFormat.isAnswer(message({}))).toBe(true);
    expect(messagesFormat.isAnswer({ type: "message" })).toBe(false);
    expect(messagesFormat.isAnswer({ type: "error", error: {} })).toBe(false);
    expect(messagesFormat.isAnswer({ choices: [{}] })).toBe(false);
  });

  it("gives its text without its thinking, its finish reason, its calls and its usage", () => {
    expect(messagesFormat.text(wholeMessage)).toBe("Hello 日本");
    expect(messagesFormat.finishReason(wholeMessage)).toBe("tool_calls");
    expect(messagesFormat.toolCalls?.(wholeMessage)).toEqual([
      { id: "toolu_1", name: "f", arguments: '{"city":"San José"}' },
    ]);
    expect(messagesFormat.usage(wholeMessage)).toEqual({
      inputTokens: 40,
      outputTokens: 15,
      cachedTokens: 5,
      cacheWriteTokens: 10,
      reasoningTokens: 4,
    });
  });

  it.each([
    ["end_turn", "stop"],
    ["stop_sequence", "stop"],
    ["max_tokens", "length"],
    ["model_context_window_exceeded", "length"],
    ["tool_use", "tool_calls"],
    ["refusal", "content_filter"],
    ["pause_turn", "pause_turn"],
    ["something_new", "something_new"],
    [null, undefined],
  ])("that ends with %s has the finish reason %s", (reason, expected) => {
    expect(messagesFormat.finishReason(message({ stop_reason: reason }))).toBe(expected);
  });

  it.each([
    [
      { input_tokens: 3, output_tokens: 2 },
      { inputTokens: 3, outputTokens: 2, cachedTokens: 0, reasoningTokens: 0 },
    ],
    [
      { input_tokens: 3, output_tokens: 2, cache_read_input_tokens: null, cache_creation_input_tokens: null },
      { inputTokens: 3, outputTokens: 2, cachedTokens: 0, reasoningTokens: 0 },
    ],
    [{ output_tokens: 2 }, { inputTokens: 0, outputTokens: 2, cachedTokens: 0, reasoningTokens: 0 }],
    [{}, undefined],
    [null, undefined],
  ])("gives its usage from %j", (usage, expected) => {
    expect(messagesFormat.usage(message({ usage }))).toEqual(expected);
  });

  it("gives calls of its reader's tools alone, also such whose input is cut", () => {
    const content = [
      { type: "server_tool_use", id: "s", name: "web_search", input: {} },
      { type: "tool_use", id: "a", name: "f", input: '{"x' },
      { type: "tool_use", id: "b", name: "g" },
    ];
    expect(messagesFormat.toolCalls?.(message({ content }))).toEqual([
      { id: "a", name: "f", arguments: '{"x' },
      { id: "b", name: "g", arguments: "{}" },
    ]);
  });
});

describe("a Messages request", () => {
  const input = (body: JsonObject): number => messagesFormat.inputTokens(body, estimateTokens);
  const content = (...blocks: readonly JsonObject[]): number => input({ messages: [{ content: blocks }] }) - 4;

  it("counts its system, its messages and its tools", () => {
    expect(input({ system: "12345678", messages: [{ role: "user", content: "1234" }] })).toBe(3 + 4 + 2);
    expect(input({ system: [{ type: "text", text: "12345678" }] })).toBe(3);
    expect(input({ tools: [{ name: "f", input_schema: {} }] })).toBeGreaterThan(5);
    expect(input({ output_config: { effort: "low", format: { type: "json_schema", schema: {} } } })).toBeGreaterThan(5);
    expect(input({})).toBe(0);
    expect(input({ messages: [null, { content: null }] })).toBe(4);
  });

  it("counts blocks by what they are", () => {
    expect(content({ type: "text", text: "12345678" })).toBe(3);
    expect(content({ type: "image", source: { type: "base64", data: "A".repeat(99_999) } })).toBe(attachmentTokens);
    expect(content({ type: "document", source: { type: "text", data: "12345678" } })).toBe(3);
    expect(content({ type: "tool_result", content: "12345678" })).toBe(3);
    expect(content({ type: "tool_result", content: [{ type: "text", text: "1234" }] })).toBe(2);
    expect(content({ type: "tool_use", name: "f", input: { x: "12345678" } })).toBeGreaterThan(5);
  });

  it("is bounded by max_tokens", () => {
    const vendor = findVendor("anthropic") ?? expect.fail();
    expect(messagesFormat.outputBound({ max_tokens: 7 })).toBe(7);
    expect(messagesFormat.outputBound({})).toBeUndefined();
    expect(messagesFormat.withOutputBound?.({ model: "m" }, 9, vendor)).toEqual({ model: "m", max_tokens: 9 });
  });
});
