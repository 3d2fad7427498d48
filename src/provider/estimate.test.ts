import { describe, expect, it } from "vitest";
import { chatDemand } from "./estimate.ts";
import { loadTokenizer } from "./tokens/exact-tokens.ts";
import { findVendor } from "./vendors.ts";

describe("chatDemand", () => {
  const messages = [
    { role: "system", content: "Answer briefly." },
    { role: "user", content: [{ type: "text", text: "Why?" }] },
  ];
  const inputTokens = 3 + 4 + 3 + 4 + 2;

  it("counts the contents, an overhead per message and the start of the answer", () => {
    expect(chatDemand({ messages }, 100)).toMatchObject({ inputTokens, outputTokens: 100 });
  });

  it("counts with the counter it is given, as the tokenizer's own chat encoding does", async () => {
    const { countChatCompletionTokens } = await import("gpt-tokenizer/model/gpt-4o");
    const chat = [
      { role: "system", content: "Answer briefly." },
      { role: "user", content: "What is the capital of Iceland?", name: "ann" },
    ] as const;
    const count = await loadTokenizer("gpt-4o");
    const { inputTokens: counted } = chatDemand({ messages: chat }, 0, undefined, count);
    expect(counted).toBe(countChatCompletionTokens?.({ messages: chat }));
  });

  it("takes the output bound of the body, for every answer that it asks for", () => {
    expect(chatDemand({ messages, max_tokens: 7 }, 100).outputTokens).toBe(7);
    expect(chatDemand({ messages, max_tokens: 7, max_completion_tokens: 9 }, 100).outputTokens).toBe(9);
    expect(chatDemand({ messages, max_tokens: 7, n: 3 }, 100).outputTokens).toBe(21);
    expect(chatDemand({ messages, max_tokens: null }, 100).outputTokens).toBe(100);
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
    expect(chatDemand({ messages, ...bounds }, 100, charge)).toEqual({ inputTokens, ...expected });
  });

  it("does not count the bytes of an image as text", () => {
    const url = `data:image/png;base64,${"A".repeat(400_000)}`;
    const image = [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }];
    expect(chatDemand({ messages: image }, 0).inputTokens).toBeLessThan(2000);
  });

  it("counts tools, and survives a body that is not a chat", () => {
    const tools = [{ type: "function", function: { name: "f", parameters: { type: "object" } } }];
    expect(chatDemand({ messages, tools }, 0).inputTokens).toBeGreaterThan(chatDemand({ messages }, 0).inputTokens);
    expect(chatDemand({ messages: "x" }, 1)).toMatchObject({ inputTokens: 0, outputTokens: 1 });
    expect(chatDemand({ messages: [null, 3, { role: "user", content: null }] }, 1).inputTokens).toBe(15);
  });
});
