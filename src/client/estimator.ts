import type { Call, Demand, ModelRef } from "../call/call.ts";
import type { JsonObject } from "../call/json.ts";
import type { Reply } from "../call/reply.ts";
import { outputDemand } from "../provider/output-demand.ts";
import { estimateTokens, type TokenCounter } from "../provider/tokens/estimate-tokens.ts";
import { knownVendor } from "../provider/known-vendor.ts";
import type { Vendor } from "../provider/vendor.ts";
import type { WireFormat } from "../provider/wire-format.ts";
import { wireFormat } from "../provider/wire-formats.ts";
import type { ExactCounters } from "./exact-counters.ts";
import { InputRatio } from "./input-ratio.ts";
import { OutputLengths } from "./output-lengths.ts";

/** Rows may name their own models; no file makes the table grow without end. */
const maxModels = 1000;
/** An automatic bound waits for so many answers, leaves so much room, and is never smaller than that. */
const enoughAnswers = 50;
const room = 1.25;
const smallestBound = 256;

/** Estimates what a call will take, corrected per model by what earlier calls really took. */
export class Estimator {
  readonly #models = new Map<string, Learned>();
  readonly #vendorOf: (provider: string) => Vendor;
  readonly #exact: ExactCounters | undefined;

  constructor(vendorOf: (provider: string) => Vendor = knownVendor, exact?: ExactCounters) {
    this.#vendorOf = vendorOf;
    this.#exact = exact;
  }

  /** Loads what counts the tokens of a model, where they are counted exactly. @throws Error where it is not installed */
  load(model: string): Promise<void> | undefined {
    return this.#exact?.load(model);
  }

  demand({ operation, model, body }: EstimatedCall): Demand {
    const format = wireFormat(operation);
    const learned = this.#models.get(keyOf(model));
    const estimatedInputTokens = format.inputTokens(body, this.#counterOf(model));
    return {
      inputTokens:
        learned === undefined ? estimatedInputTokens : Math.ceil(estimatedInputTokens * learned.input.factor),
      estimatedInputTokens,
      ...this.#output(format, model, body, learned ?? nothing),
    };
  }

  /** How many tokens the answers to a call are expected to have. */
  expectedOutput({ operation, model, body }: EstimatedCall): number {
    const bound = wireFormat(operation).outputBound(body) ?? Infinity;
    const { output } = this.#models.get(keyOf(model)) ?? nothing;
    return Math.min(bound, Math.ceil(output.mean * answersOf(body)));
  }

  /** The same call with a bound on its output. */
  bounded<T extends Call>(call: T, bound: number): T {
    const { operation, model } = call;
    const body = wireFormat(operation).withOutputBound?.(call.body, bound, this.#vendorOf(model.provider)) ?? call.body;
    return { ...call, body, demand: this.demand({ operation, model, body }) };
  }

  /** Whether the bound on the output has cut an answer. */
  isCut({ operation }: Call, { body }: Reply): boolean {
    return wireFormat(operation).finishReason(body) === "length";
  }

  /** Takes in what one attempt of a call has used. */
  learn(call: Call, reply: Reply): void {
    const { usage } = reply;
    const learned = usage && this.#learnedOf(call.model);
    if (usage === undefined || learned === undefined) return;
    learned.input.learn(this.#inputOf(call), usage.inputTokens);
    learned.output.learn(usage.outputTokens / answersOf(call.body), this.isCut(call, reply));
  }

  /** Takes in how many tokens the provider says that it counted for a call which it refused. */
  learnRequested(call: Call, requested: number): void {
    const { model, demand } = call;
    // Only there it is known which part of the sum is output: the whole bound.
    if (demand.outputIsKept !== true) return;
    this.#learnedOf(model)?.input.learnCounted(this.#inputOf(call), requested - demand.outputTokens);
  }

  /** How long this share of the model's answers is at most; `undefined` before any was seen. */
  outputQuantile(model: ModelRef, share: number): number | undefined {
    const output = this.#models.get(keyOf(model))?.output;
    return output === undefined || output.seen === 0 ? undefined : output.quantile(share);
  }

  /** The bound that hardly any answer of the model reaches; `undefined` while too few were seen to say, or where the provider refuses it. */
  outputBound(model: ModelRef): number | undefined {
    const learned = this.#models.get(keyOf(model));
    if (learned === undefined || learned.output.seen < enoughAnswers) return undefined;
    const bound = Math.max(smallestBound, Math.ceil(room * learned.output.quantile(0.995)));
    return bound < learned.refusedBound ? bound : undefined;
  }

  /** Takes in that the provider refuses such a bound: perhaps more than the model can write. */
  refuseBound(model: ModelRef, bound: number): void {
    const learned = this.#learnedOf(model);
    if (learned !== undefined) learned.refusedBound = Math.min(learned.refusedBound, bound);
  }

  /** An estimate reads the whole text: once is enough. */
  #inputOf({ operation, model, body, demand }: Call): number {
    return demand.estimatedInputTokens ?? wireFormat(operation).inputTokens(body, this.#counterOf(model));
  }

  #counterOf({ name }: ModelRef): TokenCounter {
    return this.#exact?.of(name) ?? estimateTokens;
  }

  /** What makes no answer, such as an embedding, has no output. */
  #output(format: WireFormat, model: ModelRef, body: JsonObject, { output }: Learned): Omit<Demand, "inputTokens"> {
    const bound = format.outputBound(body);
    if (bound === 0) return { outputTokens: 0 };
    const expected = Math.ceil(output.mean * answersOf(body));
    return outputDemand(bound, expected, this.#vendorOf(model.provider).tokenCharge);
  }

  #learnedOf(model: ModelRef): Learned | undefined {
    const key = keyOf(model);
    const known = this.#models.get(key);
    if (known !== undefined || this.#models.size >= maxModels) return known;
    const learned = nothingLearned();
    this.#models.set(key, learned);
    return learned;
  }
}

/** What a demand is estimated from. */
type EstimatedCall = Pick<Call, "operation" | "model" | "body">;

/** What is known of one model. */
interface Learned {
  readonly input: InputRatio;
  readonly output: OutputLengths;
  refusedBound: number;
}

const nothingLearned = (): Learned => ({
  input: new InputRatio(),
  output: new OutputLengths(),
  refusedBound: Infinity,
});

const nothing: Learned = nothingLearned();

const keyOf = ({ provider, name }: ModelRef): string => `${provider}/${name}`;

const answersOf = ({ n }: JsonObject): number => (typeof n === "number" && n > 1 ? n : 1);
