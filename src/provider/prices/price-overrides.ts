import { checkKeys } from "../../call/check-keys.ts";
import type { Currency } from "../../call/money.ts";

/**
 * Prices of the user's, before those of the table: by `provider/model`, or by the beginning of such names and a `*`. Of
 * several that match, the exact one decides, then the longest.
 */
export type PriceOverrides = Readonly<Record<string, PriceOverride>>;

/** What the tokens of a model cost, per million. */
export interface PriceOverride {
  readonly input: number;
  readonly output: number;
  /** Input that the provider read from its cache. @default the price of other input */
  readonly cachedInput?: number;
  /** Input that the provider wrote to its cache. @default the price of other input */
  readonly cacheWrite?: number;
  /** @default 'USD' */
  readonly currency?: Currency;
  /** How many tokens a price is for; there is no other number, but it can be said. @default 1_000_000 */
  readonly per?: 1_000_000;
}

/**
 * Makes sure that what a user wrote are prices.
 *
 * @throws TypeError when a name is no `provider/model`, a key does not exist, or a price is no number of at least 0.
 */
export const checkPriceOverrides = (value: unknown): PriceOverrides => {
  checkIsObject(value);
  for (const [pattern, override] of Object.entries(value)) {
    checkPattern(pattern);
    checkOverride(pattern, override);
  }
  return value as PriceOverrides;
};

function checkIsObject(value: unknown): asserts value is object {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return;
  throw new TypeError(
    `Cannot ${action}: "prices" must be an object of prices by model, such as ${example}, got ${shown(value)}`,
  );
}

const checkPattern = (pattern: string): void => {
  const slash = pattern.indexOf("/");
  const star = pattern.indexOf("*");
  const named = slash > 0 && slash < pattern.length - 1;
  if (named && (star === -1 || (star > slash && star === pattern.length - 1))) return;
  throw new TypeError(
    `Cannot ${action}: "prices" must name models as provider/model, or end in * for several (openai/gpt-5*), got "${pattern}"`,
  );
};

const checkOverride = (pattern: string, override: unknown): void => {
  const name = `prices["${pattern}"]`;
  checkKeys(action, name, override, keys);
  const { currency, per, ...prices } = override as Readonly<Record<string, unknown>>;
  for (const key of ["input", "output"]) {
    if (prices[key] === undefined) throw new TypeError(`Cannot ${action}: "${name}" has no "${key}"; ${perMillion}`);
  }
  for (const [key, price] of Object.entries(prices)) {
    if (price === undefined || (typeof price === "number" && price >= 0 && price < Infinity)) continue;
    throw new TypeError(`Cannot ${action}: "${name}.${key}" must be a number of at least 0, got ${shown(price)}`);
  }
  if (currency !== undefined && currency !== "USD" && currency !== "CNY") {
    throw new TypeError(`Cannot ${action}: "${name}.currency" must be "USD" or "CNY", got ${shown(currency)}`);
  }
  if (per !== undefined && per !== 1_000_000) {
    throw new TypeError(`Cannot ${action}: "${name}.per" can only be 1000000, got ${shown(per)}; ${perMillion}`);
  }
};

const action = "price calls";
const keys: readonly string[] = ["input", "output", "cachedInput", "cacheWrite", "currency", "per"];
const example = `{ "openai/gpt-5-mini": { "input": 0.25, "output": 2 } }`;
const perMillion = "prices are for a million tokens each";

const shown = (value: unknown): string => (typeof value === "number" ? String(value) : JSON.stringify(value));
