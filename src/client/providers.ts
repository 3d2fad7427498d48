import type { Handler } from "../call/handler.ts";
import { createProvider } from "../provider/provider.ts";
import type { Transport } from "../provider/http-contract.ts";
import { createTransport } from "../provider/transport.ts";
import { environmentProxy, environmentVariable } from "./environment.ts";
import type { LLMOptions } from "./llm-options.ts";
import { parseModel, resolveTarget } from "./target.ts";

/** The providers that a client's calls go to, made when the first call names them; they share one transport. */
export class Providers {
  readonly #options: LLMOptions;
  readonly #handlers = new Map<string, Handler>();
  #transport: Transport | undefined;

  constructor(options: LLMOptions) {
    this.#options = options;
    // A missing key is said when the client is made, not by each of a million calls.
    if (options.model !== undefined && options.handler === undefined)
      this.#handlerFor(parseModel(options.model).provider);
  }

  readonly handle: Handler = async (call, context) => this.#handlerFor(call.model.provider)(call, context);

  async close(): Promise<void> {
    await this.#transport?.close();
  }

  #handlerFor(provider: string): Handler {
    const known = this.#handlers.get(provider);
    if (known !== undefined) return known;
    const { headers } = this.#options;
    const { vendor, baseURL, apiKey } = resolveTarget(provider, this.#options, environmentVariable);
    const handler = createProvider({
      vendor,
      baseURL,
      transport: this.#sharedTransport(),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(headers === undefined ? {} : { headers }),
    });
    this.#handlers.set(provider, handler);
    return handler;
  }

  #sharedTransport(): Transport {
    const proxy = environmentProxy();
    this.#transport ??= createTransport(proxy === undefined ? {} : { proxy });
    return this.#transport;
  }
}
