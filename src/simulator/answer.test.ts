import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRng } from "../time/rng.ts";
import { composeAnswer } from "./answer.ts";

const options = { prompt: "Name three rivers", outputTokens: 12, maxTokens: undefined, wantsJson: false };

describe("composeAnswer", () => {
  it("repeats itself for the same seed and begins with the prompt", () => {
    const answer = composeAnswer(options, seededRng(7));
    expect(answer).toEqual(composeAnswer(options, seededRng(7)));
    expect(answer.tokens.join("")).toMatch(/^Echo: Name three rivers/);
    expect(answer.finish).toBe("stop");
  });

  it("is cut at the token limit and says so", () => {
    const answer = composeAnswer({ ...options, maxTokens: 2 }, seededRng(7));
    expect(answer).toEqual({ tokens: ["Echo:", " Name"], finish: "length" });
  });

  it("has the median length that was asked for", () => {
    const lengths = Array.from({ length: 501 }, (_, seed) => {
      return composeAnswer({ ...options, outputTokens: 100 }, seededRng(seed)).tokens.length;
    }).toSorted((a, b) => a - b);
    expect(lengths[250]).toBeGreaterThan(80);
    expect(lengths[250]).toBeLessThan(120);
  });

  it("is valid JSON when JSON was asked for, whatever the prompt", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.nat(), (prompt, seed) => {
        const { tokens } = composeAnswer({ ...options, prompt, wantsJson: true }, seededRng(seed));
        expect(JSON.parse(tokens.join(""))).toHaveProperty("words");
      }),
    );
  });

  it("always says something, even to an empty prompt", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 30 }), fc.nat(), (prompt, outputTokens, seed) => {
        const { tokens } = composeAnswer({ ...options, prompt, outputTokens }, seededRng(seed));
        expect(tokens.length).toBeGreaterThan(0);
        expect(tokens.every((token) => token !== "")).toBe(true);
      }),
    );
  });
});
