import type { Call, Demand, ModelRef } from "../call/call.ts";
import type { JsonObject } from "../call/json.ts";
import type { Reply } from "../call/reply.ts";
import { chatDemand } from "../provider/estimate.ts";
import { chatFinishReason } from "../provider/openai/chat-codec.ts";
import { findVendor } from "../provider/vendors.ts";
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

  demand(model: ModelRef, body: JsonObject): Demand {
    const learned = this.#models.get(keyOf(model));
    const expected = (learned ?? nothing).output.mean * answersOf(body);
    const demand = chatDemand(body, Math.ceil(expected), findVendor(model.provider)?.tokenCharge);
    if (learned === undefined) return demand;
    return { ...demand, inputTokens: Math.ceil(demand.inputTokens * learned.input.factor) };
  }

  /** Takes in what one attempt of a call has used. */
  learn({ model, body: asked }: Call, { usage, body }: Reply): void {
    const learned = usage && this.#learnedOf(model);
    if (usage === undefined || learned === undefined) return;
    learned.input.learn(inputOf(asked), usage.inputTokens);
    learned.output.learn(usage.outputTokens / answersOf(asked), isCut(body));
  }

  /** Takes in how many tokens the provider says that it counted for a call which it refused. */
  learnRequested({ model, body, demand }: Call, requested: number): void {
    // Only there it is known which part of the sum is output: the whole bound.
    if (demand.outputIsKept !== true) return;
    this.#learnedOf(model)?.input.learnCounted(inputOf(body), requested - demand.outputTokens);
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

  #learnedOf(model: ModelRef): Learned | undefined {
    const key = keyOf(model);
    const known = this.#models.get(key);
    if (known !== undefined || this.#models.size >= maxModels) return known;
    const learned = nothingLearned();
    this.#models.set(key, learned);
    return learned;
  }
}

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

const inputOf = (body: JsonObject): number => chatDemand(body, 0).inputTokens;

const isCut = (body: JsonObject): boolean => chatFinishReason(body) === "length";

const answersOf = ({ n }: JsonObject): number => (typeof n === "number" && n > 1 ? n : 1);
