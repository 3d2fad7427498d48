import type { Call, ModelRef } from "../call/call.ts";
import type { Money } from "../call/money.ts";
import { inputCeiling } from "../provider/ceiling/input-ceiling.ts";
import { outputCeiling } from "../provider/ceiling/output-ceiling.ts";
import { unboundedPart } from "../provider/ceiling/unbounded-part.ts";
import type { PriceBook } from "../provider/prices/price-book.ts";
import type { Tariff, Unpriced } from "../provider/prices/tariff.ts";
import { wireFormat } from "../provider/wire-formats.ts";
import { alternativesTo, type Alternatives } from "./alternatives.ts";
import { buildCall, type WireRequest } from "./build-call.ts";
import type { CallEstimate, CallRates } from "./call-estimate.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { Estimator } from "./estimator.ts";

/** What calls are estimated with. */
export interface CallEstimatorParts extends Alternatives {
  readonly estimator: Estimator;
  readonly prices: PriceBook;
  /** Whether the price table is to be read: not where something else answers in place of providers. */
  readonly tabled: boolean;
  /** Whose prices a provider has; `undefined` when it stands at an address of the user's. */
  readonly pricedAs: (provider: string) => string | undefined;
}

/** Estimates a request at once. @throws CallError `invalid_request` when there is no model, or nothing to ask */
export type EstimateCall = (request: string | ChatRequest) => CallEstimate;

/** Says what calls will take and cost, before they are made. */
export class CallEstimator {
  readonly #parts: CallEstimatorParts;

  constructor(parts: CallEstimatorParts) {
    this.#parts = parts;
  }

  /** Loads prices, and what counts the tokens of a model. @throws Error when they are to be counted exactly, and nothing is there for it */
  async load(model: string = this.#parts.model ?? ""): Promise<void> {
    const { prices, tabled, estimator } = this.#parts;
    // Without the table some prices are unknown; the calls go on.
    if (tabled) await prices.load().catch(() => undefined);
    await estimator.load(model);
  }

  readonly estimate: EstimateCall = (asked) => {
    const request = typeof asked === "string" ? { prompt: asked } : asked;
    const wire = buildCall(request, this.#parts, this.#parts.routes);
    const { inputTokens } = this.#parts.estimator.demand(wire);
    const outputBound = this.#outputBound(wire);
    const outputTokens = this.#parts.estimator.expectedOutput(wire);
    const known = {
      model: nameOf(wire.model),
      inputTokens,
      outputTokens,
      ...(outputBound !== undefined && { outputBound }),
    };
    const tariff = this.#find(wire.model);
    if ("reason" in tariff) return { ...known, unpriced: tariff.reason };
    const { currency } = tariff;
    const amount = tariff.amountOf({ inputTokens, outputTokens, cachedTokens: 0, reasoningTokens: 0 });
    return {
      ...known,
      rates: ratesOf(tariff),
      ...(amount === undefined ? {} : { expected: { amount, currency } }),
      ...this.#most(request, wire),
    };
  };

  /** The dearest of all that may answer. */
  #most(request: ChatRequest, wire: WireRequest): Pick<CallEstimate, "atMost" | "unbounded"> {
    const part = unboundedPart(wire.body);
    if (part !== undefined)
      return { unbounded: `what this part of the request costs is not known beforehand: ${part}` };
    if (request.schema !== undefined)
      return { unbounded: "an answer that does not fit its schema is sent along once more" };
    let most: Money | undefined;
    for (const each of [wire, ...alternativesTo(request, wire, this.#parts)]) {
      for (const { model } of this.#parts.routes.candidates(each)) {
        const cost = this.#costAtMost({ ...each, model });
        if ("unbounded" in cost) return cost;
        if (most !== undefined && most.currency !== cost.currency)
          return { unbounded: "the models that may answer are priced in several currencies" };
        if (most === undefined || cost.amount > most.amount) most = cost;
      }
    }
    return most === undefined ? {} : { atMost: most };
  }

  #costAtMost(wire: WireRequest): Money | { readonly unbounded: string } {
    const tariff = this.#find(wire.model);
    if ("reason" in tariff) return { unbounded: `the price of ${nameOf(wire.model)} is unknown (${tariff.reason})` };
    const { currency, highest } = tariff;
    const output = this.#outputBound(wire);
    if (output === undefined) return { unbounded: `nothing bounds the output of ${nameOf(wire.model)}` };
    if (output > 0 && highest.output === undefined)
      return { unbounded: `the price of what ${nameOf(wire.model)} writes is unknown` };
    const amount = (inputCeiling(wire.body) * highest.input + output * (highest.output ?? 0)) / 1e6 + highest.perCall;
    return { amount, currency };
  }

  /** What the request allows, else all that the model can hold: a bound that the client chooses by itself may be dropped again. */
  #outputBound({ operation, model, body }: Pick<Call, "operation" | "model" | "body">): number | undefined {
    const format = wireFormat(operation);
    const bound = outputCeiling(body, format, this.#parts.routes.vendorOf(model.provider));
    if (bound !== undefined) return bound;
    const tariff = this.#find(model);
    const { n } = body;
    return "reason" in tariff || tariff.contextTokens === undefined
      ? undefined
      : tariff.contextTokens * (typeof n === "number" && n > 1 ? n : 1);
  }

  #find(model: ModelRef): Tariff | Unpriced | { readonly reason: "elsewhere" } {
    const { prices, pricedAs, routes } = this.#parts;
    const found = prices.find(model);
    if (!("reason" in found)) return found;
    const isElsewhere = pricedAs(model.provider) === undefined || routes.vendorOf(model.provider).baseURL === "";
    return isElsewhere ? { reason: "elsewhere" } : found;
  }
}

const ratesOf = ({ rates, currency }: Tariff): CallRates => ({
  input: rates.input,
  output: rates.output ?? 0,
  currency,
});

const nameOf = ({ provider, name }: ModelRef): string => `${provider}/${name}`;
