import { describe, expect, it } from "vitest";
import { addUsage } from "./add-usage.ts";

const usage = { inputTokens: 100, outputTokens: 20, cachedTokens: 60, reasoningTokens: 5 };

describe("addUsage", () => {
  it("adds each kind of token", () => {
    expect(addUsage(usage, { inputTokens: 1, outputTokens: 2, cachedTokens: 3, reasoningTokens: 4 })).toStrictEqual({
      inputTokens: 101,
      outputTokens: 22,
      cachedTokens: 63,
      reasoningTokens: 9,
    });
  });

  it("carries the tokens written to a cache when one of the two has them", () => {
    const written = { ...usage, cacheWriteTokens: 30 };
    expect(addUsage(usage, written).cacheWriteTokens).toBe(30);
    expect(addUsage(written, usage).cacheWriteTokens).toBe(30);
    expect(addUsage(written, written).cacheWriteTokens).toBe(60);
  });
});
