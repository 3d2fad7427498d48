import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../call/json.ts";
import { outputDemand } from "../output-demand.ts";
import { chatInputTokens, chatOutputBound } from "./chat-tokens.ts";
import { loadTokenizer } from "../tokens/exact-tokens.ts";
import { findVendor } from "../vendors.ts";

const outputTokens = (body: JsonObject): number => outputDemand(chatOutputBound(body), 100).outputTokens;

describe("what a chat is expected to take", () => {
  const messages = [
    { role: "system", content: "Answer briefly." },
    { role: "user", content: [{ type: "text", text: "Why?" }] },
  ];
  const inputTokens = 3 + 4 + 3 + 4 + 2;

  it("counts the contents, an overhead per message and the start of the answer", () => {
    expect(chatInputTokens({ messages })).toBe(inputTokens);
    expect(outputTokens({ messages })).toBe(100);
  });

  it("counts with the counter it is given, as the tokenizer's own chat encoding does", async () => {
    const { countChatCompletionTokens } = await import("gpt-tokenizer/model/gpt-4o");
    const chat = [
      { role: "system", content: "Answer briefly." },
      { role: "user", content: "What is the capital of Iceland?", name: "ann" },
    ] as const;
    const count = await loadTokenizer("gpt-4o");
    expect(chatInputTokens({ messages: chat }, count)).toBe(countChatCompletionTokens?.({ messages: chat }));
  });

  it("takes the output bound of the body, for every answer that it asks for", () => {
    expect(outputTokens({ messages, max_tokens: 7 })).toBe(7);
    expect(outputTokens({ messages, max_tokens: 7, max_completion_tokens: 9 })).toBe(9);
    expect(outputTokens({ messages, max_tokens: 7, n: 3 })).toBe(21);
    expect(outputTokens({ messages, max_tokens: null })).toBe(100);
  });

  it.each([
    ["no bound", {}, undefined, { outputTokens: 100, outputIsGuess: true }],
    ["no bound, though bounds are kept", {}, "openai", { outputTokens: 100, outputIsGuess: true }],
    ["a bound at an unknown provider", { max_tokens: 700 }, undefined, { outputTokens: 700 }],
    ["a bound that is kept", { max_tokens: 700 }, "openai", { outputTokens: 700, outputIsKept: true }],
    ["a bound that counts for nothing", { max_tokens: 700 }, "vllm", { outputTokens: 100, outputIsGuess: true }],
    ["a bound below what is usual", { max_tokens: 7 }, "xai", { outputTokens: 7, outputIsGuess: true }],
  ])("reserves for %s what the provider charges", (_, bounds, vendor, expected) => {
    const charge = vendor === undefined ? undefined : findVendor(vendor)?.tokenCharge;
    expect(outputDemand(chatOutputBound({ messages, ...bounds }), 100, charge)).toEqual(expected);
  });

  it("does not count the bytes of an image as text", () => {
    const url = `data:image/png;base64,${"A".repeat(400_000)}`;
    const image = [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }];
    expect(chatInputTokens({ messages: image })).toBeLessThan(2000);
  });

  it("counts tools, and survives a body that is not a chat", () => {
    const tools = [{ type: "function", function: { name: "f", parameters: { type: "object" } } }];
    expect(chatInputTokens({ messages, tools })).toBeGreaterThan(chatInputTokens({ messages }));
    expect(chatInputTokens({ messages: "x" })).toBe(0);
    expect(chatInputTokens({ messages: [null, 3, { role: "user", content: null }] })).toBe(15);
  });
});
