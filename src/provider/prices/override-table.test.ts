import { describe, expect, it } from "vitest";
import type { Usage } from "../../call/reply.ts";
import { createPriceBook } from "./price-book.ts";
import { overrideTable } from "./override-table.ts";

const usage: Usage = { inputTokens: 1e6, outputTokens: 1e6, cachedTokens: 5e5, reasoningTokens: 0 };

describe("overrides", () => {
  it("come before the table", async () => {
    const book = createPriceBook({ overrides: { "openai/gpt-5-mini": { input: 10, output: 20, cachedInput: 1 } } });
    await book.load();
    expect(book.price({ provider: "openai", name: "gpt-5-mini" }, usage)).toEqual({
      amount: 25.5,
      currency: "USD",
      matched: "openai/gpt-5-mini",
      source: "override",
    });
    expect(book.price({ provider: "openai", name: "gpt-5-nano" }, usage)?.source).toBe("genai-prices");
  });

  it("may be in yuan, of models that the table does not know, and of one's own machines", () => {
    const overrides = {
      "dashscope/qwen-max": { input: 2.4, output: 9.6, currency: "CNY" },
      "ollama/*": { input: 0, output: 0 },
    } as const;
    const book = createPriceBook({ overrides });
    expect(book.price({ provider: "dashscope", name: "qwen-max" }, usage)).toEqual({
      amount: 12,
      currency: "CNY",
      matched: "dashscope/qwen-max",
      source: "override",
    });
    expect(book.price({ provider: "ollama", name: "llama3" }, usage)).toMatchObject({ amount: 0, matched: "ollama/*" });
    expect(book.lookup({ provider: "dashscope", name: "qwen-max" })).toEqual({
      matched: "dashscope/qwen-max",
      source: "override",
      currency: "CNY",
      rates: { input: 2.4, output: 9.6 },
      variesWith: [],
    });
  });

  it("price what is read from and written to a cache at their rates, else at that of other input", () => {
    const find = overrideTable({
      "a/own": { input: 10, output: 0, cachedInput: 1, cacheWrite: 20, per: 1_000_000 },
      "a/same": { input: 10, output: 0 },
    });
    const written = { ...usage, cacheWriteTokens: 2.5e5 };
    expect(find({ provider: "a", name: "own" })?.amountOf(written)).toBeCloseTo(0.25 * 10 + 0.5 * 1 + 0.25 * 20, 12);
    expect(find({ provider: "a", name: "same" })?.amountOf(written)).toBeCloseTo(10, 12);
  });

  it("decide by the exact name, then by the longest beginning", () => {
    const price = { input: 1, output: 1 };
    const find = overrideTable({
      "openai/*": price,
      "openai/gpt-5*": price,
      "openai/gpt-5-mini": price,
      "openai/gpt-5-m*": price,
    });
    const matched = (name: string): string | undefined => find({ provider: "openai", name })?.matched;
    expect(["gpt-5-mini", "gpt-5-mini-x", "gpt-5", "o3"].map(matched)).toEqual([
      "openai/gpt-5-mini",
      "openai/gpt-5-m*",
      "openai/gpt-5*",
      "openai/*",
    ]);
    expect(find({ provider: "groq", name: "gpt-5" })).toBeUndefined();
  });

  it("know a provider by its other names, and models in any case", () => {
    const find = overrideTable({ "qwen/Qwen-Max": { input: 1, output: 1 } });
    expect(find({ provider: "dashscope", name: "qwen-max" })?.matched).toBe("qwen/Qwen-Max");
  });

  it("name a model behind an address of one's own by its whole name, or as custom", () => {
    const find = overrideTable({ "team/model": { input: 1, output: 1 }, "custom/plain": { input: 1, output: 1 } });
    expect(find({ provider: "custom", name: "team/model" })?.matched).toBe("team/model");
    expect(find({ provider: "custom", name: "plain" })?.matched).toBe("custom/plain");
  });
});
