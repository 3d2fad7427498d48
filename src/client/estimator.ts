import type { Demand, ModelRef } from "../call/call.ts";
import type { JsonObject } from "../call/json.ts";
import type { Usage } from "../call/reply.ts";
import { chatDemand } from "../provider/estimate.ts";

/** What an answer is taken to need before any has been seen. */
const usualOutputTokens = 256;
/** Weight of the newest observation: some twenty calls decide. */
const newest = 0.05;

interface Learned {
  /** Real input tokens for each estimated one. */
  inputRatio: number;
  outputTokens: number;
}

/** Estimates what a call will take, corrected per model by what earlier calls really took. */
export class Estimator {
  readonly #models = new Map<string, Learned>();

  demand(model: ModelRef, body: JsonObject): Demand {
    const learned = this.#models.get(model.name);
    const demand = chatDemand(body, Math.ceil(learned?.outputTokens ?? usualOutputTokens));
    return learned === undefined
      ? demand
      : { ...demand, inputTokens: Math.ceil(demand.inputTokens * learned.inputRatio) };
  }

  /** Takes in what a call that was estimated at `demand` has used. */
  learn(model: ModelRef, demand: Demand, usage: Usage): void {
    const learned = this.#models.get(model.name) ?? { inputRatio: 1, outputTokens: usage.outputTokens };
    const estimated = demand.inputTokens / learned.inputRatio;
    if (estimated > 0 && usage.inputTokens > 0)
      learned.inputRatio += newest * (usage.inputTokens / estimated - learned.inputRatio);
    learned.outputTokens += newest * (usage.outputTokens - learned.outputTokens);
    if (this.#models.size < maxModels) this.#models.set(model.name, learned);
  }
}

/** Rows may name their own models; no file makes the table grow without end. */
const maxModels = 1000;
