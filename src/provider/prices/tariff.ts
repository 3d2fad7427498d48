import type { Cost } from "../../call/money.ts";
import type { Usage } from "../../call/reply.ts";
import type { Rates } from "./rates.ts";

/** What one model's tokens cost, and who says so. */
export interface PriceEntry extends Pick<Cost, "matched" | "source" | "currency"> {
  /** What the source of the price calls the provider; absent for an override. */
  readonly provider?: string;
  /** Now, and for the shortest inputs, where that matters. */
  readonly rates: Rates;
  /** What makes the price another one: a long input, or the day or hour. */
  readonly variesWith: readonly ("length" | "time")[];
  /** How many tokens the model takes in, where the table says so. */
  readonly contextTokens?: number;
}

/** The most that tokens can cost, whatever the length, the hour or the cache make of their price. */
export interface HighestRates {
  /** Per million. */
  readonly input: number;
  /** Per million; absent where a model has no output. */
  readonly output?: number;
  /** For the call itself. */
  readonly perCall: number;
}

/** A price that can be applied. */
export interface Tariff extends PriceEntry {
  readonly highest: HighestRates;
  /** `undefined` when some of the tokens have no price. */
  readonly amountOf: (usage: Usage) => number | undefined;
}

/** Why a model has no price. */
export interface Unpriced {
  readonly reason: UnpricedReason;
  /** A model with a price that the table would have taken it for. */
  readonly near?: string;
}

/**
 * `not-loaded`: the price table has not been read yet. `self-hosted`: nobody charges for it by the token.
 * `provider-not-listed`, `model-not-listed`: the table does not know it. `no-token-price`: it knows the model, but no price
 * of its tokens, such as of one that is charged by the minute.
 */
type UnpricedReason = "not-loaded" | "self-hosted" | "provider-not-listed" | "model-not-listed" | "no-token-price";
