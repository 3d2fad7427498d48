import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { ModelRef } from "../../call/call.ts";
import type { Usage } from "../../call/reply.ts";
import { createPriceBook, type PriceBook } from "./price-book.ts";

const million = (parts: Partial<Usage>): Usage => ({
  inputTokens: 1e6,
  outputTokens: 0,
  cachedTokens: 0,
  reasoningTokens: 0,
  ...parts,
});

const model = (name: string): ModelRef => {
  const slash = name.indexOf("/");
  return { provider: name.slice(0, slash), name: name.slice(slash + 1) };
};

const at = (time: string): (() => Date) => {
  const date = new Date(time);
  return () => date;
};

describe("a price book", () => {
  let book: PriceBook;
  beforeAll(async () => {
    book = createPriceBook({ now: at("2026-11-27T12:00:00Z") });
    await book.load();
  });

  const amount = (name: string, usage: Partial<Usage>): number | undefined =>
    book.price(model(name), million(usage))?.amount;

  it("prices input and output, and says which entry it took", () => {
    expect(book.price(model("openai/gpt-5-mini"), million({ outputTokens: 1e6 }))).toEqual({
      amount: 2.25,
      currency: "USD",
      matched: "gpt-5-mini",
      source: "genai-prices",
    });
  });

  it("prices cached input at its own rate, as a part of all input", () => {
    expect(amount("openai/gpt-5-mini", { cachedTokens: 1e6 })).toBeCloseTo(0.025, 12);
    expect(amount("openai/gpt-5-mini", { cachedTokens: 4e5 })).toBeCloseTo(0.6 * 0.25 + 0.4 * 0.025, 12);
  });

  it("prices what is written to the cache at its own rate, where there is one", () => {
    const usage = { cachedTokens: 2e5, cacheWriteTokens: 3e5 };
    expect(amount("anthropic/claude-haiku-4-5", usage)).toBeCloseTo(0.5 * 1 + 0.2 * 0.1 + 0.3 * 1.25, 12);
    expect(amount("openai/gpt-5-mini", { cacheWriteTokens: 1e6 })).toBeCloseTo(0.25, 12);
  });

  it("prices reasoning as output, unless the table has a price for it", () => {
    const usage = { inputTokens: 0, outputTokens: 1e6, reasoningTokens: 4e5 };
    expect(amount("openai/gpt-5-mini", usage)).toBeCloseTo(2, 12);
    expect(book.lookup(model("perplexity/sonar-deep-research"))).toMatchObject({ rates: { output: 8, reasoning: 3 } });
    expect(amount("perplexity/sonar-deep-research", usage)).toBeGreaterThanOrEqual(0.6 * 8 + 0.4 * 3);
    expect(amount("perplexity/sonar-deep-research", usage)).toBeLessThan(8);
  });

  it("prices a long input at the rates for long inputs, all of it", () => {
    expect(amount("openai/gpt-5.5", { inputTokens: 271_999 })).toBeCloseTo(0.271999 * 5, 12);
    expect(amount("openai/gpt-5.5", { inputTokens: 272_000, outputTokens: 1000 })).toBeCloseTo(
      0.272 * 10 + 0.001 * 45,
      12,
    );
    expect(book.lookup(model("openai/gpt-5.5"))).toMatchObject({ rates: { input: 5 }, variesWith: ["length"] });
  });

  it("follows prices that change with the day or the hour", async () => {
    let now = new Date("2026-07-01T12:00:00Z");
    const dated = createPriceBook({ now: () => now });
    await dated.load();
    const luna = { provider: "openai", name: "gpt-5.6-luna" };
    const usage = million({ inputTokens: 1e5 });
    expect(dated.price(luna, usage)?.amount).toBeCloseTo(0.1, 12);
    now = new Date("2026-11-27T12:00:00Z");
    expect(dated.price(luna, usage)?.amount).toBeCloseTo(0.02, 12);
    expect(dated.lookup(luna)).toMatchObject({ rates: { input: 0.2 }, variesWith: ["length", "time"] });
  });

  it("does not trust numbers that do not add up: no part is more than the whole", () => {
    expect(amount("openai/gpt-5-mini", { cachedTokens: 2e6, cacheWriteTokens: 5 })).toBeCloseTo(0.025, 12);
    expect(amount("openai/gpt-5.5", { inputTokens: 1000, cachedTokens: 2000 })).toBeCloseTo(0.0005, 12);
    expect(amount("openai/gpt-5-mini", { outputTokens: 10, reasoningTokens: 20 })).toBeCloseTo(0.25002, 12);
    expect(amount("openai/gpt-5-mini", { inputTokens: Infinity })).toBeUndefined();
  });

  it.each([
    ["openai/gpt-6.1-sol", "model-not-listed"],
    ["anthropic/claude-haiku-5-5", "model-not-listed"],
    ["xai/grok-4.7", "model-not-listed"],
    ["dashscope/qwen-max", "provider-not-listed"],
    ["ark/doubao-seed", "provider-not-listed"],
    ["custom/gpt-5", "provider-not-listed"],
    ["my-openai/gpt-5", "provider-not-listed"],
    ["ollama/llama3", "self-hosted"],
    ["openai/whisper-1", "no-token-price"],
    ["gemini/gemma-3", "no-token-price"],
  ])("does not know what %s costs: %s", (name, reason) => {
    expect(book.price(model(name), million({}))).toBeUndefined();
    expect(book.lookup(model(name))).toMatchObject({ reason });
  });

  it("does not take a model for another whose name it begins with, and says for which it was taken", () => {
    expect(book.price(model("anthropic/claude-sonnet-5-5"), million({}))).toBeUndefined();
    expect(book.lookup(model("anthropic/claude-sonnet-5-5"))).toEqual({
      reason: "model-not-listed",
      near: "claude-sonnet-5",
    });
  });

  it("does not price output of a model that has only a price of input", () => {
    expect(amount("openai/text-embedding-3-small", {})).toBeCloseTo(0.02, 12);
    expect(amount("openai/text-embedding-3-small", { outputTokens: 1 })).toBeUndefined();
  });

  it("takes nothing for what the table lists as free, and not because the model costs nothing elsewhere", () => {
    expect(amount("openrouter/deepseek/deepseek-r1:free", { outputTokens: 1e6 })).toBe(0);
    expect(amount("openrouter/openai/gpt-5:free", {})).toBeUndefined();
  });

  it.each([
    ["gemini/gemini-2.5-flash", "gemini-2.5-flash", "google"],
    ["azure/gpt-4o", "gpt-4o", "azure"],
    ["azure/claude-sonnet-4-5", "claude-sonnet-4-5", "azure"],
    ["kimi/kimi-k3", "kimi-k3", "moonshotai"],
    ["zhipu/glm-5", "GLM-5", "zhipuai"],
    ["xai/grok-4-0709", "grok-4-0709", "x-ai"],
    ["groq/openai/gpt-oss-120b", "openai/gpt-oss-120b", "groq"],
    ["mistral/mistral-small-latest", "mistral-small-latest", "mistral"],
    ["together/Qwen/Qwen1.5-0.5B", "Qwen/Qwen1.5-0.5B", "together"],
    ["fireworks/accounts/fireworks/models/gpt-oss-120b", "gpt-oss-120b", "fireworks"],
    ["openrouter/anthropic/claude-sonnet-4.5", "anthropic/claude-sonnet-4.5", "openrouter"],
    ["cerebras/gpt-oss-120b", "gpt-oss-120b", "cerebras"],
    ["deepseek/deepseek-v4-pro", "deepseek-v4-pro", "deepseek"],
  ])("finds %s", (name, matched, provider) => {
    expect(book.lookup(model(name))).toMatchObject({ matched, provider, source: "genai-prices", currency: "USD" });
  });

  it("prices a provider of the user's as the one that it is said to be", async () => {
    const mapped = createPriceBook({ pricedAs: (name) => (name === "team" ? "xai" : undefined) });
    await mapped.load();
    expect(mapped.lookup(model("team/grok-4"))).toMatchObject({ matched: "grok-4-0709", provider: "x-ai" });
    expect(mapped.lookup(model("openai/gpt-5"))).toEqual({ reason: "provider-not-listed" });
  });

  it("says how much a model takes in", () => {
    expect(book.lookup(model("openai/gpt-5-mini"))).toMatchObject({ contextTokens: 400_000 });
  });

  it("knows ever new names, and forgets them again", () => {
    for (let index = 0; index < 2500; index++) expect(amount(`openai/m-${index}`, {})).toBeUndefined();
    expect(amount("openai/gpt-5-mini", {})).toBeCloseTo(0.25, 12);
  });
});

describe("a price book that is not loaded", () => {
  it("knows only overrides, and everything from when it is loaded", async () => {
    const book = createPriceBook({ overrides: { "openai/mine": { input: 1, output: 2 } } });
    const mini = model("openai/gpt-5-mini");
    expect(book.price(mini, million({}))).toBeUndefined();
    expect(book.lookup(mini)).toEqual({ reason: "not-loaded" });
    expect(book.price(model("openai/mine"), million({}))?.amount).toBe(1);
    await Promise.all([book.load(), book.load()]);
    expect(book.price(mini, million({}))?.amount).toBeCloseTo(0.25, 12);
  });

  it("does not load the table by being imported: nothing in the sources imports it but when it is asked for", () => {
    const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
    const eager = sources.filter(
      (name) =>
        !name.endsWith(".test.ts") &&
        /^import (?!type ).*"@pydantic\/genai-prices"/m.test(readFileSync(`src/${name}`, "utf8")),
    );
    expect(sources.length).toBeGreaterThan(100);
    expect(eager).toEqual([]);
  });
});
