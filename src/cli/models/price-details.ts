import type { PriceBook } from "../../provider/prices/price-book.ts";
import type { Rates } from "../../provider/prices/rates.ts";
import { moneyText } from "../display/money-text.ts";
import type { ModelDetails } from "./model-tables.ts";

/** What a provider's models cost per million tokens, in and out, and by which entry where that has another name. */
export const priceDetails = (book: PriceBook, provider: string, unknown: string): ModelDetails => ({
  detailsOf: (id) => {
    const found = book.lookup({ provider, name: id });
    if ("reason" in found) return unknown;
    const { currency, rates, matched } = found;
    const prices = pricesOf(rates).map(([name, amount]) => `${name} ${moneyText({ amount, currency })}`);
    return [...prices, ...(matched === id ? [] : [`(${matched})`])].join("  ");
  },
});

const pricesOf = ({ input, output, cachedInput }: Rates): readonly (readonly [string, number])[] => [
  ["in", input],
  ...(output === undefined ? [] : ([["out", output]] as const)),
  ...(cachedInput === undefined ? [] : ([["cached", cachedInput]] as const)),
];
