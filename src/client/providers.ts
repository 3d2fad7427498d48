import type { Call } from "../call/call.ts";
import type { Handler } from "../call/handler.ts";
import { createProvider } from "../provider/provider.ts";
import type { Transport } from "../provider/http-contract.ts";
import { createTransport } from "../provider/transport.ts";
import { environmentProxy } from "./environment.ts";
import { AddressBook, type ForeignEndpoint } from "./fetch/address-book.ts";
import type { Fetch } from "./fetch/llm-fetch.ts";
import type { Endpoint, ProviderTable } from "./provider-table.ts";

/** Sends attempts to the endpoints of a client; they share one transport. */
export class Providers {
  readonly #table: ProviderTable;
  /** Where the SDKs go that use the drop-in fetch. */
  readonly addresses: AddressBook = new AddressBook();
  readonly #handlers = new Map<Endpoint | ForeignEndpoint, Handler>();
  #transport: Transport | undefined;

  constructor(table: ProviderTable) {
    this.#table = table;
  }

  readonly handle: Handler = async (call, context) => {
    const { deployment = "" } = call;
    const foreign = context.address === undefined ? undefined : this.addresses.find(deployment);
    const handler = foreign === undefined ? this.#handlerOf(this.#endpointOf(call)) : this.#foreignHandler(foreign);
    return handler(call, context);
  };

  /** Whether a call went to an address that is not its vendor's own. */
  readonly isElsewhere = ({ deployment = "" }: Call): boolean => this.addresses.find(deployment)?.isOwn === false;

  /** Sends a request as it is, and gives the answer as it comes: for what no limit counts. */
  readonly passOn: Fetch = async (input, init) => {
    const { passOn } = await import("../provider/pass-on.ts");
    return passOn(input, init, environmentProxy());
  };

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

  #foreignHandler(endpoint: ForeignEndpoint): Handler {
    const { id, vendor, origin } = endpoint;
    const known = this.#handlers.get(endpoint);
    if (known !== undefined) return known;
    const transport = this.#sharedTransport();
    const handler = createProvider({ vendor, deployment: id, baseURL: origin, transport });
    this.#handlers.set(endpoint, handler);
    return handler;
  }

  #sharedTransport(): Transport {
    const proxy = environmentProxy();
    this.#transport ??= createTransport(proxy === undefined ? {} : { proxy });
    return this.#transport;
  }
}
