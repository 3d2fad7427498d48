import { describe, expect, it } from "vitest";
import type { JsonObject } from "../call/json.ts";
import { createLLM } from "./create-llm.ts";
import type { CallEstimate } from "./call-estimate.ts";
import type { LLMOptions } from "./llm-options.ts";

const estimate = async (body: JsonObject, options: LLMOptions = {}): Promise<CallEstimate> => {
  await using llm = createLLM({ model: "openai/gpt-5-mini", apiKey: "sk-test", ...options });
  return llm.estimate({ body });
};

const asking = (fields: JsonObject = {}): JsonObject => ({
  messages: [{ role: "user", content: "How many rivers flow into the sea?" }],
  ...fields,
});

describe("the estimate of a call", () => {
  it("says what a call takes, what it is expected to cost, and what it can cost at most", async () => {
    const { atMost, expected, ...rest } = await estimate(asking({ max_completion_tokens: 1000 }));
    expect(rest).toEqual({
      model: "openai/gpt-5-mini",
      inputTokens: expect.any(Number) as number,
      outputTokens: 256,
      outputBound: 1000,
      rates: { input: 0.25, output: 2, currency: "USD" },
    });
    expect(expected?.amount).toBeLessThan(0.000_6);
    expect(atMost?.amount).toBeGreaterThan(0.002);
    expect(atMost?.amount).toBeLessThan(0.002_2);
  });

  it("takes every answer that is asked for, and the model's whole context where nothing bounds the output", async () => {
    expect(await estimate(asking({ max_completion_tokens: 1000, n: 3 }))).toMatchObject({ outputBound: 3000 });
    expect(await estimate(asking())).toMatchObject({ outputBound: 400_000 });
  });

  it("goes by the dearest tier, and by the dearest kind of input", async () => {
    const body = { messages: [{ role: "user", content: "x".repeat(1_000_000) }], max_tokens: 1000 };
    const { atMost } = await estimate(body, { model: "anthropic/claude-sonnet-4-5" });
    expect(atMost?.amount).toBeGreaterThanOrEqual((1_000_000 * 7.5 + 1000 * 22.5) / 1e6);
  });

  it("knows no price at an address of the user's, and says so; with a price of the user's it does", async () => {
    const local = { model: "m", baseURL: "http://127.0.0.1:9/v1" };
    const unknown = await estimate(asking({ max_tokens: 10 }), local);
    expect(unknown).toMatchObject({ model: "custom/m", unpriced: "elsewhere" });
    expect(unknown).not.toHaveProperty("expected");
    expect(unknown).not.toHaveProperty("atMost");
    const prices = { "custom/m": { input: 1, output: 10, currency: "CNY" } } as const;
    const known = await estimate(asking({ max_tokens: 10 }), { ...local, prices });
    expect(known.atMost).toEqual({ amount: expect.any(Number) as number, currency: "CNY" });
    expect(await estimate(asking(), { ...local, prices })).toMatchObject({
      unbounded: "nothing bounds the output of custom/m",
    });
  });

  it("does not price models that run on machines of the user's", async () => {
    expect(await estimate(asking(), { model: "ollama/qwen3" })).toMatchObject({ unpriced: "self-hosted" });
  });

  it.each<[string, JsonObject]>([
    [
      "image_url",
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://x/y.png" } }] }] },
    ],
    ["the tool web_search", { tools: [{ type: "web_search" }] }],
    ["web_search_options", { web_search_options: {} }],
    ["prediction", { prediction: { type: "content", content: "long" } }],
    ['service_tier: "priority"', { service_tier: "priority" }],
  ])("has no upper bound for what the text does not tell: %s", async (part, fields) => {
    const found = await estimate(asking({ max_completion_tokens: 10, ...fields }));
    expect(found.unbounded).toBe(`what this part of the request costs is not known beforehand: ${part}`);
    expect(found).not.toHaveProperty("atMost");
  });

  it("takes tools of the caller's, schemas and conversations for text", async () => {
    const parameters = { type: "object", properties: { image: { type: "string" }, file: { type: "object" } } };
    const found = await estimate({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: [{ type: "text", text: "now" }] },
        { role: "assistant", tool_calls: [{ id: "1", type: "function", function: { name: "f", arguments: "{}" } }] },
        { role: "tool", tool_call_id: "1", content: "done" },
      ],
      tools: [{ type: "function", function: { name: "f", parameters } }],
      max_completion_tokens: 10,
    });
    expect(found).toHaveProperty("atMost");
  });

  it("is that of the dearest model that may answer", async () => {
    const body = asking({ max_tokens: 1000 });
    const prices = { "custom/cheap": { input: 1, output: 1 }, "custom/dear": { input: 1, output: 1000 } };
    const local = { model: "cheap", baseURL: "http://127.0.0.1:9/v1", prices };
    const { atMost: alone } = await estimate(body, local);
    const { atMost: replaced } = await estimate(body, { ...local, fallbacks: { cheap: ["dear"] } });
    expect(alone?.amount).toBeLessThan(0.01);
    expect(replaced?.amount).toBeGreaterThan(1);
    const { unbounded } = await estimate(body, { ...local, fallbacks: { cheap: ["stranger"] } });
    expect(unbounded).toBe("the price of custom/stranger is unknown (elsewhere)");
  });

  it("counts what Qwen may think beside its answer", async () => {
    const qwen = { model: "dashscope/qwen-plus", prices: { "dashscope/*": { input: 1, output: 2 } } };
    expect(await estimate(asking({ max_tokens: 100 }), qwen)).toHaveProperty("unbounded");
    expect(await estimate(asking({ max_tokens: 100, enable_thinking: false }), qwen)).toMatchObject({
      outputBound: 100,
    });
    expect(await estimate(asking({ max_tokens: 100, thinking_budget: 50 }), qwen)).toMatchObject({ outputBound: 150 });
  });
});
