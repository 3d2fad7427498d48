import * as fc from "fast-check";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { sampleTexts } from "../../../test/fixtures/sample-texts.ts";
import { estimateTokens } from "./estimate-tokens.ts";

const noise = (length: number, alphabet: string): string =>
  Array.from({ length }, (_, index) => alphabet[(index * index * 7 + index * 13) % alphabet.length]).join("");

describe("estimateTokens", () => {
  it.each(Object.entries(sampleTexts))("is within a tenth of what the tokenizer counts for %s", (_, text) => {
    const error = estimateTokens(text) / countTokens(text) - 1;
    expect(Math.abs(error)).toBeLessThan(0.1);
  });

  it.each([
    ["one letter", "a".repeat(8000)],
    ["dashes", "-".repeat(8000)],
    ["blank lines", `a${"\n".repeat(8000)}b`],
    ["indentation", `${" ".repeat(8000)}x`],
    ["one ideograph", "的".repeat(8000)],
    ["digits", "7".repeat(8000)],
    ["emoji", "😀".repeat(2000)],
    ["letters without sense", noise(3000, "qwertzuiopasdfghjklyxcvbnm")],
    ["base64", Buffer.from(noise(3000, sampleTexts["TypeScript"] ?? "")).toString("base64")],
    ["hexadecimal", Buffer.from(noise(1000, sampleTexts["JSON"] ?? "")).toString("hex")],
    ["marks", noise(3000, "{}[]();:,.<>=+-*/&|!?")],
    ["Greek", "Η ελληνική γλώσσα μιλιέται σήμερα από εκατομμύρια ανθρώπους. ".repeat(20)],
    ["Thai", "ภาษาไทยเป็นภาษาที่มีระดับเสียงของคำแน่นอนหรือวรรณยุกต์ ".repeat(20)],
  ])("is right within a factor of two for a run of %s", (_, text) => {
    const ratio = estimateTokens(text) / countTokens(text);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  it("is nothing for an empty text, and at least one for any other", () => {
    expect(estimateTokens("")).toBe(0);
    fc.assert(fc.property(fc.string({ minLength: 1, unit: "binary" }), (text) => estimateTokens(text) >= 1));
    for (const text of ["\ud800", "\udc00\ud800", "\0", " ", "\ufeff"]) expect(estimateTokens(text)).toBe(1);
  });

  it("is for two texts together very nearly what it is for both", () => {
    const texts = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom(...Object.values(sampleTexts)));
    fc.assert(
      fc.property(texts, texts, (first, second) => {
        const apart = estimateTokens(first) + estimateTokens(second);
        expect(Math.abs(estimateTokens(first + second) - apart)).toBeLessThan(8);
      }),
    );
  });

  it("takes no more time a character for a long run than for prose", () => {
    const prose = (sampleTexts["English prose"] ?? "").repeat(300);
    const time = (text: string): number => {
      const times = Array.from({ length: 5 }, () => {
        const startedAt = performance.now();
        estimateTokens(text);
        return performance.now() - startedAt;
      });
      return Math.min(...times) / text.length;
    };
    const usual = time(prose);
    for (const piece of ["a", "A", "-", " ", "\n", "的", "aA", "'", " \n", "\ud800"]) {
      expect(time(piece.repeat(prose.length / piece.length)) / usual).toBeLessThan(20);
    }
  });
});
