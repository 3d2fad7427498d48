import { estimateTokens, type TokenCounter } from "../provider/tokens/estimate-tokens.ts";
import { encodingOf, type EncodingName, loadTokenizer } from "../provider/tokens/exact-tokens.ts";

/** Counts the tokens of each model with the tokenizer that is nearest to it. */
export class ExactCounters {
  readonly #counters = new Map<EncodingName, TokenCounter>();
  readonly #loading = new Map<EncodingName, Promise<void>>();

  /** Loads what counts for a model; nothing is to be waited for once it is there. @throws Error where it is not installed */
  load(model: string): Promise<void> | undefined {
    const encoding = encodingOf(model);
    if (this.#counters.has(encoding)) return undefined;
    let loading = this.#loading.get(encoding);
    if (loading === undefined) this.#loading.set(encoding, (loading = this.#load(encoding, model)));
    return loading;
  }

  /** Until it is loaded, as for a model that stands in for another, the estimate counts. */
  of(model: string): TokenCounter {
    return this.#counters.get(encodingOf(model)) ?? estimateTokens;
  }

  async #load(encoding: EncodingName, model: string): Promise<void> {
    this.#counters.set(encoding, await loadTokenizer(model));
  }
}
