import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleTexts } from "../../../test/fixtures/sample-texts.ts";
import { chatInputTokens } from "../openai/chat-tokens.ts";
import { loadTokenizer } from "../tokens/exact-tokens.ts";
import { inputCeiling } from "./input-ceiling.ts";
import { textBytes } from "./text-bytes.ts";

describe("the ceiling of a request's input", () => {
  it("is not below what the tokenizers of OpenAI count, for any text", async () => {
    const counters = [await loadTokenizer("gpt-4"), await loadTokenizer("gpt-5")];
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.string()), (content) => {
        const body = { messages: [{ role: "user", content }] };
        for (const count of counters) expect(inputCeiling(body)).toBeGreaterThanOrEqual(chatInputTokens(body, count));
      }),
    );
  });

  it("is a small multiple of the tokens of ordinary texts", async () => {
    const count = await loadTokenizer("gpt-5");
    for (const text of Object.values(sampleTexts))
      expect(textBytes(String(text)) / count(String(text))).toBeLessThan(8);
  });

  it("takes the longer form of letters that some tokenizers take apart", () => {
    expect(textBytes("abc")).toBe(3);
    expect(textBytes("中文")).toBe(6);
    expect(textBytes("\uFDFA")).toBeGreaterThan(30);
  });
});
