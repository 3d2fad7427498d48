import { calcPrice, findProvider, type ModelInfo } from "@pydantic/genai-prices";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Usage } from "../../call/reply.ts";
import { createPriceBook, type PriceBook } from "./price-book.ts";

const providers = {
  openai: "openai",
  anthropic: "anthropic",
  gemini: "google",
  azure: "azure",
  deepseek: "deepseek",
  moonshot: "moonshotai",
  zhipu: "zhipuai",
  mistral: "mistral",
  groq: "groq",
  xai: "x-ai",
  together: "together",
  openrouter: "openrouter",
  cerebras: "cerebras",
  perplexity: "perplexity",
} as const;

/** Models of the table under their own ids, by the name that we have for the provider. */
const models = Object.entries(providers).flatMap(([provider, providerId]) =>
  modelsOf(providerId).map(({ id }) => ({ provider, providerId, name: id })),
);

function modelsOf(providerId: string): readonly ModelInfo[] {
  return findProvider({ providerId })?.models ?? [];
}

const tokens = fc.oneof(
  fc.nat(2000),
  fc.nat(1_500_000),
  fc.constantFrom(0, 128_000, 128_001, 200_000, 200_001, 271_999, 272_000),
);

const share = fc.double({ min: 0, max: 1, noNaN: true });

const usages: fc.Arbitrary<Required<Usage>> = fc
  .tuple(tokens, tokens, share, share, share)
  .map(([inputTokens, outputTokens, cached, written, reasoning]) => {
    const cachedTokens = Math.floor(inputTokens * cached);
    const cacheWriteTokens = Math.floor((inputTokens - cachedTokens) * written);
    return {
      inputTokens,
      outputTokens,
      cachedTokens,
      cacheWriteTokens,
      reasoningTokens: Math.floor(outputTokens * reasoning),
    };
  });

const times = fc
  .date({ min: new Date("2025-01-01"), max: new Date("2027-06-01"), noInvalidDate: true })
  .map((date) => new Date(date));

describe("prices", () => {
  let now = new Date(0);
  let book: PriceBook;
  beforeAll(async () => {
    book = createPriceBook({ now: () => now });
    await book.load();
  });

  it("are what the library makes of them, for every model of the table that has one, at any time", () => {
    expect(models.length).toBeGreaterThan(1000);
    const priced = new Set<string>();
    fc.assert(
      fc.property(fc.constantFrom(...models), usages, times, ({ provider, providerId, name }, usage, time) => {
        now = time;
        const cost = book.price({ provider, name }, usage);
        if (cost === undefined) return;
        priced.add(`${provider}/${name}`);
        const expected = calcPrice(
          {
            input_tokens: usage.inputTokens,
            cache_read_tokens: usage.cachedTokens,
            cache_write_tokens: usage.cacheWriteTokens,
            output_tokens: usage.outputTokens,
            output_reasoning_tokens: usage.reasoningTokens,
          },
          name,
          { providerId, timestamp: time },
        );
        expect(cost.matched).toBe(expected?.model.id);
        expect(cost.amount).toBeCloseTo(expected?.total_price ?? NaN, 9);
      }),
      { numRuns: 3000 },
    );
    expect(priced.size).toBeGreaterThan(500);
  });

  it("are never more for tokens that were cached than for tokens that were not, where cached input is cheaper", () => {
    fc.assert(
      fc.property(usages, (usage) => {
        const model = { provider: "openai", name: "gpt-5-mini" };
        const uncached = { ...usage, cachedTokens: 0, cacheWriteTokens: 0 };
        expect(book.price(model, usage)?.amount).toBeLessThanOrEqual(
          (book.price(model, uncached)?.amount ?? 0) + 1e-12,
        );
      }),
    );
  });
});
