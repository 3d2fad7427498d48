import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../call/json.ts";
import {
  responsesFailure,
  responsesFinishReason,
  responsesInputTokens,
  responsesOutputBound,
  responsesText,
  responsesToolCalls,
  responsesUsage,
} from "./responses-codec.ts";

const message = (...content: readonly JsonObject[]): JsonObject => ({ type: "message", role: "assistant", content });
const text = (words: string): JsonObject => ({ type: "output_text", text: words, annotations: [] });
const call: JsonObject = { type: "function_call", call_id: "c1", name: "f", arguments: "{}" };

describe("a response", () => {
  it("gives all of its text, and no refusal or reasoning as such", () => {
    const reasoning = { type: "reasoning", summary: [{ type: "summary_text", text: "hm" }] };
    const refusal = { type: "refusal", refusal: "no" };
    expect(responsesText({ output: [reasoning, message(text("a"), refusal), message(text("b"))] })).toBe("ab");
    expect(responsesText({ output: [message(refusal)] })).toBe("");
    expect(responsesText({})).toBe("");
  });

  it.each([
    [{ status: "completed", output: [message(text("a"))] }, "stop"],
    [{ status: "completed", output: [call] }, "tool_calls"],
    [{ status: "completed", output: [{ ...call, type: "custom_tool_call" }] }, "tool_calls"],
    [{ status: "incomplete", incomplete_details: { reason: "max_output_tokens" } }, "length"],
    [{ status: "incomplete", incomplete_details: { reason: "content_filter" } }, "content_filter"],
    [{ status: "incomplete", incomplete_details: { reason: "max_messages" } }, "max_messages"],
    [{ status: "incomplete", incomplete_details: null }, "incomplete"],
    [{ status: "queued" }, "queued"],
    [{}, undefined],
  ])("%j ended for %s", (body, reason) => {
    expect(responsesFinishReason(body)).toBe(reason);
  });

  it("gives its calls of tools", () => {
    const custom = { type: "custom_tool_call", call_id: "c2", name: "sql", input: "select 1" };
    expect(responsesToolCalls({ output: [message(), call, custom] })).toEqual([
      { id: "c1", name: "f", arguments: "{}" },
      { id: "c2", name: "sql", arguments: "select 1" },
    ]);
  });

  it("gives its usage", () => {
    const usage = {
      input_tokens: 20,
      input_tokens_details: { cached_tokens: 16 },
      output_tokens: 9,
      output_tokens_details: { reasoning_tokens: 5 },
      total_tokens: 29,
    };
    expect(responsesUsage({ usage })).toEqual({
      inputTokens: 20,
      outputTokens: 9,
      cachedTokens: 16,
      reasoningTokens: 5,
    });
    expect(responsesUsage({ usage: null })).toBeUndefined();
  });
});

describe("a failure of a response", () => {
  const error = { code: "rate_limit_exceeded", message: "slow down" };
  it.each([
    [{ object: "response", status: "failed", error, output: [] }, { error }],
    [{ type: "response.failed", response: { status: "failed", error } }, { error }],
    [{ type: "response.failed", response: {} }, { error: { message: "The response failed" } }],
    [{ type: "error", ...error, param: null, sequence_number: 3 }, { error: expect.objectContaining(error) }],
    [{ type: "error", error }, { error }],
    [{ type: "response.in_progress", response: { status: "in_progress", error: null } }, undefined],
    [{ object: "response", status: "incomplete", error: null, output: [] }, undefined],
  ])("in %j is found", (body, expected) => {
    expect(responsesFailure(body)).toEqual(expected);
  });
});

describe("a request for a response", () => {
  const words = (piece: string): number => piece.split(/\s+/).length;

  it("counts instructions, input, outputs of tools, and tools", () => {
    expect(responsesInputTokens({ input: "one two" }, words)).toBe(4 + 2);
    expect(responsesInputTokens({ instructions: "be brief", input: "one" }, words)).toBe(4 + 2 + 4 + 1);
    const input = [
      { role: "user", content: "one two three" },
      { role: "user", content: [{ type: "input_text", text: "one" }, { type: "input_image" }] },
      { type: "function_call_output", call_id: "c", output: "one two" },
      { type: "function_call", name: "f", arguments: "{}" },
    ];
    expect(responsesInputTokens({ input }, words)).toBe(4 * 4 + 3 + 1001 + 2 + 1);
    expect(responsesInputTokens({ tools: [{ name: "f" }], text: { format: { type: "text" } } }, words)).toBe(2);
  });

  it("names the bound on its output", () => {
    expect(responsesOutputBound({ max_output_tokens: 9 })).toBe(9);
    expect(responsesOutputBound({ max_output_tokens: null })).toBeUndefined();
  });
});
