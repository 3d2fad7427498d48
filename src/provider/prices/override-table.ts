import type { ModelRef } from "../../call/call.ts";
import { customVendor } from "../custom-vendor.ts";
import { findVendor } from "../vendors.ts";
import type { PriceOverride, PriceOverrides } from "./price-overrides.ts";
import { amountAt } from "./rates.ts";
import type { Tariff } from "./tariff.ts";

/** Finds the override for a model: the exact one, else the longest of those that end in `*`. */
export const overrideTable = (overrides: PriceOverrides): ((model: ModelRef) => Tariff | undefined) => {
  const entries = Object.entries(overrides)
    .map(([matched, override]) => ({ name: canonical(matched), tariff: tariffOf(matched, override) }))
    .sort((a, b) => rank(b.name) - rank(a.name));
  return ({ provider, name }) => {
    const full = canonical(`${provider}/${name}`);
    // A model of no provider that we know has its whole name for a name, slashes included.
    const whole = provider === customVendor.name && name.includes("/") ? canonical(name) : full;
    return entries.find((entry) => fits(entry.name, full) || fits(entry.name, whole))?.tariff;
  };
};

const fits = (pattern: string, name: string): boolean =>
  pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

const rank = (pattern: string): number => (pattern.endsWith("*") ? pattern.length : Infinity);

/** Lower case, with the provider's own name in the place of another for it. */
const canonical = (name: string): string => {
  const slash = name.indexOf("/");
  const provider = name.slice(0, slash);
  return `${findVendor(provider)?.name ?? provider}${name.slice(slash)}`.toLowerCase();
};

const tariffOf = (matched: string, override: PriceOverride): Tariff => {
  const { currency = "USD", per: _, ...rates } = override;
  return {
    matched,
    source: "override",
    currency,
    rates,
    variesWith: [],
    highest: {
      input: Math.max(rates.input, rates.cachedInput ?? 0, rates.cacheWrite ?? 0),
      output: rates.output,
      perCall: 0,
    },
    amountOf: (usage) => amountAt(rates, usage),
  };
};
