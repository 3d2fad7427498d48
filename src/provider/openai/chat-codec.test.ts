import { describe, expect, it } from "vitest";
import type { Vendor } from "../vendor.ts";
import { findVendor } from "../vendors.ts";
import { chatFinishReason, chatText, chatUsage, encodeChat } from "./chat-codec.ts";

const vendor = (name: string): Vendor => findVendor(name) ?? expect.fail();

describe("encodeChat", () => {
  it("puts the system message first and the prompt last", () => {
    const messages = [{ role: "assistant", content: "b" }];
    expect(encodeChat({ system: "a", messages, prompt: "c" }, "m", vendor("openai"))).toEqual({
      model: "m",
      messages: [{ role: "system", content: "a" }, messages[0], { role: "user", content: "c" }],
    });
  });

  it("names fields as the vendor does", () => {
    const input = { prompt: "p", temperature: 0, topP: 0.5, maxOutputTokens: 9, stop: ["x"], seed: 1 };
    expect(encodeChat(input, "m", vendor("openai"))).toMatchObject({
      temperature: 0,
      top_p: 0.5,
      max_completion_tokens: 9,
      stop: ["x"],
      seed: 1,
    });
    expect(encodeChat(input, "m", vendor("mistral"))).toMatchObject({ max_tokens: 9, random_seed: 1 });
  });

  it("lets the wire's own fields win", () => {
    const params = { temperature: 1, reasoning_effort: "low" };
    expect(encodeChat({ prompt: "p", temperature: 0, params }, "m", vendor("openai"))).toMatchObject(params);
  });
});

describe("an answer", () => {
  const body = (message: object, rest: object = {}) =>
    JSON.parse(JSON.stringify({ choices: [{ index: 0, message, finish_reason: "stop", ...rest }] }));

  it("gives its text, also from a list of parts", () => {
    expect(chatText(body({ content: "hi" }))).toBe("hi");
    expect(chatText(body({ content: null }))).toBe("");
    const parts = [
      { type: "thinking", thinking: [{ type: "text", text: "hm" }] },
      { type: "text", text: "a" },
      { type: "text", text: "b" },
    ];
    expect(chatText(body({ content: parts }))).toBe("ab");
    expect(chatText({ choices: [] })).toBe("");
  });

  it("gives its finish reason when it has one", () => {
    expect(chatFinishReason(body({}))).toBe("stop");
    expect(chatFinishReason(body({}, { finish_reason: "" }))).toBeUndefined();
    expect(chatFinishReason({})).toBeUndefined();
  });

  it.each([
    [
      {
        prompt_tokens: 9,
        completion_tokens: 5,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 3 },
      },
      { inputTokens: 9, outputTokens: 5, cachedTokens: 4, reasoningTokens: 3 },
    ],
    [
      { prompt_tokens: 9, completion_tokens: 5, prompt_cache_hit_tokens: 8 },
      { inputTokens: 9, outputTokens: 5, cachedTokens: 8, reasoningTokens: 0 },
    ],
    [
      { prompt_tokens: 9, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 2, cache_write_tokens: 6 } },
      { inputTokens: 9, outputTokens: 5, cachedTokens: 2, cacheWriteTokens: 6, reasoningTokens: 0 },
    ],
    [
      { prompt_tokens: 9, prompt_tokens_details: null },
      { inputTokens: 9, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 },
    ],
    [{ total_tokens: 9 }, undefined],
    [null, undefined],
  ])("gives its usage from %j", (usage, expected) => {
    expect(chatUsage({ choices: [], usage })).toEqual(expected);
  });

  it("finds the usage where Groq and Moonshot put it", () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2 };
    expect(chatUsage({ x_groq: { usage } })?.outputTokens).toBe(2);
    expect(chatUsage(body({}, { usage }))?.outputTokens).toBe(2);
  });
});
