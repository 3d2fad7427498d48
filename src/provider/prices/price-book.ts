import type { ModelRef } from "../../call/call.ts";
import type { Cost } from "../../call/money.ts";
import type { Usage } from "../../call/reply.ts";
import { overrideTable } from "./override-table.ts";
import { checkPriceOverrides, type PriceOverrides } from "./price-overrides.ts";
import { loadPriceTable, type PriceTable } from "./price-table.ts";
import { isSelfHosted, tableProvider } from "./table-provider.ts";
import type { PriceEntry, Tariff, Unpriced } from "./tariff.ts";

/** Where prices come from. */
export interface PriceBookOptions {
  /** Prices of the user's; they come before all others. */
  readonly overrides?: PriceOverrides;
  /** The provider whose prices a provider of the user's has; `undefined` when it is none that we know. @default the same name */
  readonly pricedAs?: (provider: string) => string | undefined;
  /** For prices that change at a day or hour. @default the system's */
  readonly now?: () => Date;
}

/** Says what calls cost. What has no known price is unknown, never free. */
export interface PriceBook {
  /** Reads the price table, the first time that it is called. Until then, only overrides have a price. */
  load(): Promise<void>;
  /** What a call cost; `undefined` when nobody knows. */
  price(model: ModelRef, usage: Usage): Cost | undefined;
  /** What a model's calls are priced by, as it was first found, or why they have no price. */
  find(model: ModelRef): Tariff | Unpriced;
  /** Which price a model has and where it is from, or why it has none. */
  lookup(model: ModelRef): PriceEntry | Unpriced;
}

/**
 * A book of prices: the overrides, and the table of `@pydantic/genai-prices` once it is loaded.
 *
 * @throws TypeError when the overrides are no prices.
 */
export const createPriceBook = ({ overrides = {}, ...sources }: PriceBookOptions = {}): PriceBook =>
  new CachedPriceBook(checkPriceOverrides(overrides), sources);

/** Keeps what it found for each model: a call then costs a few multiplications. */
class CachedPriceBook implements PriceBook {
  readonly #override: (model: ModelRef) => Tariff | undefined;
  readonly #pricedAs: (provider: string) => string | undefined;
  readonly #now: () => Date;
  readonly #found = new Map<string, Tariff | Unpriced>();
  #table: PriceTable | undefined;
  #loading: Promise<void> | undefined;

  constructor(overrides: PriceOverrides, options: Omit<PriceBookOptions, "overrides">) {
    const { pricedAs = (provider) => provider, now = () => new Date() } = options;
    this.#override = overrideTable(overrides);
    this.#pricedAs = pricedAs;
    this.#now = now;
  }

  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  price(model: ModelRef, usage: Usage): Cost | undefined {
    const tariff = this.find(model);
    if ("reason" in tariff) return undefined;
    const amount = tariff.amountOf(usage);
    if (amount === undefined) return undefined;
    return { amount, currency: tariff.currency, matched: tariff.matched, source: tariff.source };
  }

  find(model: ModelRef): Tariff | Unpriced {
    const key = `${model.provider}/${model.name}`;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    // Names come from outside, and there is no end of them.
    if (this.#found.size >= maxKept) this.#found.clear();
    const found = this.#look(model);
    this.#found.set(key, found);
    return found;
  }

  lookup(model: ModelRef): PriceEntry | Unpriced {
    // Rates may be others by now.
    const found = this.#look(model);
    if ("reason" in found) return found;
    const { amountOf: _, highest: __, ...shown } = found;
    return shown;
  }

  async #load(): Promise<void> {
    this.#table = await loadPriceTable(this.#now);
    this.#found.clear();
  }

  #look(model: ModelRef): Tariff | Unpriced {
    return this.#override(model) ?? this.#lookInTable(model);
  }

  #lookInTable({ provider, name }: ModelRef): Tariff | Unpriced {
    const vendor = this.#pricedAs(provider);
    if (vendor === undefined) return { reason: "provider-not-listed" };
    if (isSelfHosted(vendor)) return { reason: "self-hosted" };
    return this.#table === undefined ? { reason: "not-loaded" } : this.#table(tableProvider(vendor), name);
  }
}

const maxKept = 1000;
