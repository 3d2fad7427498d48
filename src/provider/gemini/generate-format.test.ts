import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../call/json.ts";
import { attachmentTokens } from "../tokens/content-tokens.ts";
import { estimateTokens } from "../tokens/estimate-tokens.ts";
import { findVendor } from "../vendors.ts";
import { parts, wholeAnswer } from "../../../test/fixtures/gemini-stream.ts";
import { generateFormat } from "./generate-format.ts";

const vendor = findVendor("gemini") ?? expect.fail();

describe("an answer", () => {
  it("has candidates, or says why a prompt gets none", () => {
    const blocked = { promptFeedback: { blockReason: "PROHIBITED_CONTENT" } };
    expect(generateFormat.isAnswer(wholeAnswer)).toBe(true);
    expect(generateFormat.isAnswer(blocked)).toBe(true);
    expect(generateFormat.finishReason(blocked)).toBe("content_filter");
    expect(generateFormat.text(blocked)).toBe("");
    expect(generateFormat.isAnswer({ usageMetadata: {} })).toBe(false);
    expect(generateFormat.isAnswer({ candidates: [] })).toBe(false);
  });

  it("gives its text without the thoughts, its finish reason, its calls and its usage", () => {
    expect(generateFormat.text(wholeAnswer)).toBe("Hello 日本");
    expect(generateFormat.finishReason(wholeAnswer)).toBe("tool_calls");
    expect(generateFormat.toolCalls?.(wholeAnswer)).toEqual([{ id: "", name: "f", arguments: '{"city":"San José"}' }]);
    expect(generateFormat.usage(wholeAnswer)).toEqual({
      inputTokens: 9,
      outputTokens: 12,
      cachedTokens: 0,
      reasoningTokens: 4,
    });
  });

  it.each([
    ["STOP", "stop"],
    ["MAX_TOKENS", "length"],
    ["SAFETY", "content_filter"],
    ["RECITATION", "content_filter"],
    ["BLOCKLIST", "content_filter"],
    ["PROHIBITED_CONTENT", "content_filter"],
    ["SPII", "content_filter"],
    ["IMAGE_SAFETY", "content_filter"],
    ["LANGUAGE", "LANGUAGE"],
    ["SOMETHING_NEW", "SOMETHING_NEW"],
    ["FINISH_REASON_UNSPECIFIED", undefined],
    [null, undefined],
  ])("that ends with %s has the finish reason %s", (finishReason, expected) => {
    expect(generateFormat.finishReason(parts([{ text: "a" }], { finishReason }))).toBe(expected);
    expect(generateFormat.finishReason({ candidates: [{ finishReason }] })).toBe(expected);
  });

  it.each([
    [
      { promptTokenCount: 9, cachedContentTokenCount: 4, toolUsePromptTokenCount: 3, candidatesTokenCount: 2 },
      { inputTokens: 12, outputTokens: 2, cachedTokens: 4, reasoningTokens: 0 },
    ],
    [{ promptTokenCount: 9 }, { inputTokens: 9, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 }],
    [{ thoughtsTokenCount: 9 }, { inputTokens: 0, outputTokens: 9, cachedTokens: 0, reasoningTokens: 9 }],
    [{ totalTokenCount: 9 }, undefined],
    [undefined, undefined],
  ])("gives its usage from %j", (usageMetadata, expected) => {
    expect(generateFormat.usage({ usageMetadata })).toEqual(expected);
  });
});

describe("a generateContent request", () => {
  it("names its model, and whether it is streamed, in the path alone", () => {
    expect(generateFormat.path("gemini-2.5-flash", false)).toBe("/models/gemini-2.5-flash:generateContent");
    expect(generateFormat.path("models/a b?", true)).toBe("/models/a%20b%3F:streamGenerateContent?alt=sse");
    expect(generateFormat.path("tunedModels/x", false)).toBe("/tunedModels/x:generateContent");
    expect(generateFormat.outgoing({ model: "m", stream: true, contents: [] }, vendor)).toEqual({ contents: [] });
  });

  const input = (body: JsonObject): number => generateFormat.inputTokens(body, estimateTokens);
  const content = (...list: readonly JsonObject[]): number => input({ contents: [{ parts: list }] }) - 4;

  it("counts its parts by what they are, its system and its tools", () => {
    expect(content({ text: "12345678" })).toBe(3);
    expect(content({ inlineData: { mimeType: "image/png", data: "A".repeat(99_999) } })).toBe(attachmentTokens);
    expect(content({ file_data: { file_uri: "x" } })).toBe(attachmentTokens);
    expect(content({ functionCall: { name: "f", args: { x: "12345678" } } })).toBeGreaterThan(5);
    expect(input({ systemInstruction: { parts: [{ text: "12345678" }] } })).toBe(3);
    expect(input({ system_instruction: { parts: { text: "12345678" } } })).toBe(3);
    expect(input({ tools: [{ functionDeclarations: [{ name: "f" }] }] })).toBeGreaterThan(5);
    expect(input({ generationConfig: { responseSchema: { type: "OBJECT" } } })).toBeGreaterThan(2);
    expect(input({ contents: [null, {}] })).toBe(4);
  });

  it("is bounded by maxOutputTokens, for every candidate", () => {
    expect(generateFormat.outputBound({})).toBeUndefined();
    expect(generateFormat.outputBound({ generationConfig: { maxOutputTokens: 7 } })).toBe(7);
    expect(generateFormat.outputBound({ generationConfig: { maxOutputTokens: 7, candidateCount: 3 } })).toBe(21);
    expect(generateFormat.outputBound({ generation_config: { max_output_tokens: 7 } })).toBe(7);
  });

  it("takes a bound beside what is configured", () => {
    const bounded = (body: JsonObject) => generateFormat.withOutputBound?.(body, 9, vendor);
    expect(bounded({})).toEqual({ generationConfig: { maxOutputTokens: 9 } });
    expect(bounded({ generationConfig: { seed: 1 } })).toEqual({ generationConfig: { seed: 1, maxOutputTokens: 9 } });
    expect(bounded({ generation_config: { max_output_tokens: 1 } })).toEqual({
      generation_config: { maxOutputTokens: 9 },
    });
  });
});
