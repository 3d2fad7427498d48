import * as fc from "fast-check";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { sampleTexts } from "../../test/fixtures/sample-texts.ts";
import { estimateTokens } from "../provider/tokens/estimate-tokens.ts";
import { type Rng, seededRng } from "../time/rng.ts";
import { InputRatio } from "./input-ratio.ts";

const texts = Object.values(sampleTexts);

/** A prompt that somebody might put together from pieces of texts. */
const promptOf = (rng: Rng): string =>
  Array.from({ length: 1 + Math.floor(rng() * 6) }, () => {
    const text = texts[Math.floor(rng() * texts.length)] ?? "";
    const from = Math.floor(rng() * text.length * 0.7);
    return text.slice(from, from + 50 + Math.floor(rng() * text.length));
  }).join("\n\n");

describe("InputRatio", () => {
  it.each([0.7, 1, 1.3, 2])("knows after 20 replies that a model counts %f times the tokens", (times) => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const rng = seededRng(seed);
        const ratio = new InputRatio();
        const used = (prompt: string): number => Math.round(times * countTokens(prompt));
        for (let reply = 0; reply < 20; reply++) {
          const prompt = promptOf(rng);
          ratio.learn(estimateTokens(prompt), used(prompt));
        }
        const next = Array.from({ length: 50 }, () => promptOf(rng));
        const estimated = next.reduce((sum, prompt) => sum + ratio.factor * estimateTokens(prompt), 0);
        const really = next.reduce((sum, prompt) => sum + used(prompt), 0);
        expect(Math.abs(estimated / really - 1)).toBeLessThan(0.05);
      }),
      { numRuns: 30 },
    );
  });
});
