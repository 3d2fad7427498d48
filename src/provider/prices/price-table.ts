import type { calcPrice, findProvider, ModelInfo, ModelPrice, Provider, TieredPrices } from "@pydantic/genai-prices";
import type { Usage } from "../../call/reply.ts";
import { isAbout } from "./is-about.ts";
import { highestRates } from "./highest-rates.ts";
import { amountAt, type Rates, tokenParts } from "./rates.ts";
import type { Tariff, Unpriced } from "./tariff.ts";

/** Looks up what the models of a provider cost; both names are the table's. */
export type PriceTable = (provider: string, model: string) => Tariff | Unpriced;

/** Reads the price table of `@pydantic/genai-prices`: two megabytes, so nobody does who asks for no price. */
export const loadPriceTable = async (now: () => Date): Promise<PriceTable> => {
  const library: PriceLibrary = await import("@pydantic/genai-prices");
  return (providerId, name) => {
    // The library takes a name that only contains a provider's, too.
    if (library.findProvider({ providerId })?.id !== providerId) return { reason: "provider-not-listed" };
    const found = library.calcPrice({}, name, { providerId, timestamp: now() });
    if (found === null) return { reason: "model-not-listed" };
    const { model, provider } = found;
    if (!isAbout(name, model)) return { reason: "model-not-listed", near: model.id };
    const rates = ratesOf(found.model_price, name);
    return rates === undefined ? { reason: "no-token-price" } : tariffOf({ library, model, provider, rates, now });
  };
};

interface PriceLibrary {
  readonly calcPrice: typeof calcPrice;
  readonly findProvider: typeof findProvider;
}

interface Entry {
  readonly library: PriceLibrary;
  readonly model: ModelInfo;
  readonly provider: Provider;
  readonly rates: Rates;
  readonly now: () => Date;
}

const tariffOf = (entry: Entry): Tariff => {
  const { model, provider, rates, now } = entry;
  return {
    matched: model.id,
    source: "genai-prices",
    currency: "USD",
    provider: provider.id,
    rates,
    variesWith: [...(hasTiers(model) ? (["length"] as const) : []), ...(hasTimes(model) ? (["time"] as const) : [])],
    highest: highestRates(model, now()),
    ...(model.context_window !== undefined && { contextTokens: model.context_window }),
    amountOf: isLinear(model) ? (usage) => amountAt(rates, usage) : calculated(entry),
  };
};

const ratesOf = (prices: ModelPrice, name: string): Rates | undefined => {
  const rate = (key: string): number | undefined => lowest(prices[key]);
  // The table lists models that are free with no price at all, but others, too.
  const input = rate("input_mtok") ?? (isEmpty(prices) && name.endsWith(":free") ? 0 : undefined);
  if (input === undefined) return undefined;
  const output = rate("output_mtok") ?? (isEmpty(prices) ? 0 : undefined);
  const [cachedInput, cacheWrite] = [rate("cache_read_mtok"), rate("cache_write_mtok")];
  const reasoning = rate("output_reasoning_mtok");
  return {
    input,
    ...(output !== undefined && { output }),
    ...(cachedInput !== undefined && { cachedInput }),
    ...(cacheWrite !== undefined && { cacheWrite }),
    ...(reasoning !== undefined && { reasoning }),
  };
};

const lowest = (price: number | TieredPrices | undefined): number | undefined =>
  typeof price === "object" ? price.base : price;

const isEmpty = (prices: ModelPrice): boolean => Object.keys(prices).length === 0;

const hasTimes = ({ prices }: ModelInfo): boolean => Array.isArray(prices);

const pricesOf = ({ prices }: ModelInfo): readonly ModelPrice[] =>
  Array.isArray(prices) ? prices.map((dated) => dated.prices) : [prices];

const hasTiers = (model: ModelInfo): boolean =>
  pricesOf(model).some((prices) => Object.values(prices).some((price) => typeof price === "object"));

/** Whether a call costs its tokens times fixed rates, and nothing for the call itself. */
const isLinear = (model: ModelInfo): boolean =>
  !hasTimes(model) && !hasTiers(model) && pricesOf(model).every((prices) => prices["requests_kcount"] === undefined);

/** Asks the library each time; of the one model, since looking for it among all takes longest. */
const calculated = ({ library, model, provider, rates, now }: Entry): Tariff["amountOf"] => {
  const only = { ...provider, models: [{ ...model, match: { equals: model.id } }] };
  return (usage) => {
    // Not for the amount, which depends: where a token has no price, the library would take nothing for it.
    if (amountAt(rates, usage) === undefined) return undefined;
    const price = library.calcPrice(libraryUsage(usage), model.id, { provider: only, timestamp: now() });
    return price?.total_price;
  };
};

const libraryUsage = (usage: Usage): Record<string, number> => {
  const { input, cached, written, answer, reasoning } = tokenParts(usage);
  return {
    input_tokens: input,
    cache_read_tokens: cached,
    cache_write_tokens: written,
    output_tokens: answer + reasoning,
    output_reasoning_tokens: reasoning,
  };
};
