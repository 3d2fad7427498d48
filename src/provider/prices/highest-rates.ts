import type { ConditionalPrice, ModelInfo, ModelPrice } from "@pydantic/genai-prices";
import type { HighestRates } from "./tariff.ts";

/** The most that tokens of a model can cost from now on: of all its tiers, hours and kinds of tokens the dearest. */
export const highestRates = ({ prices }: Pick<ModelInfo, "prices">, now: Date): HighestRates => {
  const current = Array.isArray(prices) ? currentOf(prices, now) : [prices];
  const highest = (keys: readonly string[]): number | undefined => {
    const found = current.flatMap((price) => keys.flatMap((key) => amountsOf(price[key])));
    return found.length === 0 ? undefined : Math.max(...found);
  };
  const output = highest(["output_mtok", "output_reasoning_mtok"]);
  return {
    input: highest(["input_mtok", "cache_read_mtok", "cache_write_mtok"]) ?? 0,
    ...(output === undefined ? {} : { output }),
    perCall: (highest(["requests_kcount"]) ?? 0) / 1000,
  };
};

/** Of dated prices the last that has begun counts, and with it what depends on the hour and what is announced. */
const currentOf = (prices: readonly ConditionalPrice[], now: Date): readonly ModelPrice[] => {
  const begun = prices.findLastIndex(({ constraint }) => constraint === undefined || hasBegun(constraint, now));
  return prices.slice(Math.max(0, begun)).map((dated) => dated.prices);
};

const hasBegun = (constraint: NonNullable<ConditionalPrice["constraint"]>, now: Date): boolean =>
  "start_date" in constraint && new Date(constraint.start_date) <= now;

const amountsOf = (price: ModelPrice[string]): readonly number[] => {
  if (typeof price === "number") return [price];
  return price === undefined ? [] : [price.base, ...price.tiers.map((tier) => tier.price)];
};
