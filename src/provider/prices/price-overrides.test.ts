import { describe, expect, it } from "vitest";
import { createPriceBook } from "./price-book.ts";
import { checkPriceOverrides } from "./price-overrides.ts";

const price = { input: 1, output: 2 };

describe("checkPriceOverrides", () => {
  it("gives back what are prices", () => {
    const overrides = {
      "openai/gpt-5-mini": { input: 0.25, output: 2, cachedInput: 0, cacheWrite: 0.3, currency: "USD", per: 1_000_000 },
      "dashscope/*": { ...price, currency: "CNY" },
      "fireworks/accounts/fireworks/models/*": price,
    };
    expect(checkPriceOverrides(overrides)).toBe(overrides);
    expect(checkPriceOverrides({})).toEqual({});
  });

  it.each([
    [[], 'Cannot price calls: "prices" must be an object of prices by model, such as { "openai/gpt-5-mini"'],
    [null, /must be an object of prices by model.*got null/],
    ["prices.json", /got "prices.json"/],
    [{ "gpt-5-mini": price }, /must name models as provider\/model, or end in \* .*got "gpt-5-mini"/],
    [{ "openai/": price }, /got "openai\/"/],
    [{ "*": price }, /got "\*"/],
    [{ "*/gpt-5": price }, /got "\*\/gpt-5"/],
    [{ "openai/*-mini": price }, /got "openai\/\*-mini"/],
    [{ "a/b": 3 }, /"prices\["a\/b"\]" must be an object, got 3/],
    [
      { "a/b": { inptu: 1, output: 2 } },
      '"prices["a/b"]" has no option "inptu"; it has input, output, cachedInput, cacheWrite, currency, per. Did you mean "input"?',
    ],
    [{ "a/b": { input: 1 } }, '"prices["a/b"]" has no "output"; prices are for a million tokens each'],
    [{ "a/b": { ...price, input: -1 } }, '"prices["a/b"].input" must be a number of at least 0, got -1'],
    [{ "a/b": { ...price, cacheWrite: NaN } }, /cacheWrite" must be a number of at least 0, got NaN/],
    [{ "a/b": { ...price, cachedInput: "0.1" } }, /cachedInput" must be a number of at least 0, got "0.1"/],
    [{ "a/b": { ...price, output: Infinity } }, /output" must be a number of at least 0, got Infinity/],
    [{ "a/b": { ...price, currency: "cny" } }, /currency" must be "USD" or "CNY", got "cny"/],
    [{ "a/b": { ...price, per: 1000 } }, /per" can only be 1000000, got 1000; prices are for a million tokens each/],
  ])("refuses %j", (value, message) => {
    expect(() => checkPriceOverrides(value)).toThrow(message);
    expect(() => checkPriceOverrides(value)).toThrow(TypeError);
  });

  it("stands at the door of the price book", () => {
    expect(() => createPriceBook({ overrides: { x: price } })).toThrow(/provider\/model/);
  });
});
