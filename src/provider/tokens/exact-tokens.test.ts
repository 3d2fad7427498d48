import { countTokens as countCl100k } from "gpt-tokenizer/encoding/cl100k_base";
import { countTokens as countO200k } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { sampleTexts } from "../../../test/fixtures/sample-texts.ts";
import { loadTokenizer } from "./exact-tokens.ts";

const chinese = sampleTexts["Chinese prose"] ?? "";

describe("loadTokenizer", () => {
  it.each(["gpt-4o", "gpt-4.1-mini", "gpt-5", "o3", "openai/gpt-4o-mini", "claude-sonnet-4", "gpt-4.5-preview"])(
    "counts for %s by o200k_base",
    async (model) => expect((await loadTokenizer(model))(chinese)).toBe(countO200k(chinese)),
  );

  it.each(["gpt-4", "gpt-4-turbo", "gpt-4-0613", "gpt-3.5-turbo", "gpt-35-turbo", "text-embedding-3-small"])(
    "counts for %s by cl100k_base",
    async (model) => expect((await loadTokenizer(model))(chinese)).toBe(countCl100k(chinese)),
  );

  it("finds the model behind a provider or a fine-tuning mark", async () => {
    expect((await loadTokenizer("azure/gpt-4"))(chinese)).toBe(countCl100k(chinese));
    expect((await loadTokenizer("ft:gpt-3.5-turbo:me"))(chinese)).toBe(countCl100k(chinese));
  });

  it("takes special tokens in a text for text", async () => {
    expect((await loadTokenizer("gpt-4o"))("<|endoftext|>")).toBe(7);
  });

  it.each(Object.entries(sampleTexts))("counts every token of %s", async (_, text) => {
    expect((await loadTokenizer("gpt-4o"))(text)).toBe(countO200k(text));
  });

  it("is not stopped by a word that cannot be cut, and counts it very nearly", async () => {
    const count = await loadTokenizer("gpt-4o");
    const text = `so ${"a".repeat(3000)} it is`;
    expect(count(text) / countO200k(text)).toBeCloseTo(1, 1);
    const time = (characters: number): number => {
      const long = `${"的一是不了在人有我他".repeat(characters / 10)}。`;
      const startedAt = performance.now();
      count(long);
      return performance.now() - startedAt;
    };
    time(2000);
    expect(time(64_000) / time(8000)).toBeLessThan(40);
  });
});
