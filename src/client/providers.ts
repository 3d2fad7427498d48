import type { Call } from "../call/call.ts";
import type { Handler } from "../call/handler.ts";
import { createProvider } from "../provider/provider.ts";
import type { Transport } from "../provider/http-contract.ts";
import { createTransport } from "../provider/transport.ts";
import { environmentProxy } from "./environment.ts";
import type { Endpoint, ProviderTable } from "./provider-table.ts";

/** Sends attempts to the endpoints of a client; they share one transport. */
export class Providers {
  readonly #table: ProviderTable;
  readonly #handlers = new Map<Endpoint, Handler>();
  #transport: Transport | undefined;

  constructor(table: ProviderTable) {
    this.#table = table;
  }

  readonly handle: Handler = async (call, context) => this.#handlerOf(this.#endpointOf(call))(call, context);

  async close(): Promise<void> {
    await this.#transport?.close();
  }

  #endpointOf({ model: { provider }, deployment }: Call): Endpoint {
    const endpoints = this.#table.endpointsOf(provider);
    const endpoint = deployment === undefined ? endpoints[0] : endpoints.find(({ id }) => id === deployment);
    if (endpoint === undefined) throw new Error(`The provider ${provider} has no deployment "${deployment ?? ""}"`);
    return endpoint;
  }

  #handlerOf(endpoint: Endpoint): Handler {
    const known = this.#handlers.get(endpoint) ?? this.#create(endpoint);
    this.#handlers.set(endpoint, known);
    return known;
  }

  #create({ id, vendor, baseURL, apiKey, headers }: Endpoint): Handler {
    return createProvider({
      vendor,
      deployment: id,
      baseURL,
      transport: this.#sharedTransport(),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(headers === undefined ? {} : { headers }),
    });
  }

  #sharedTransport(): Transport {
    const proxy = environmentProxy();
    this.#transport ??= createTransport(proxy === undefined ? {} : { proxy });
    return this.#transport;
  }
}
