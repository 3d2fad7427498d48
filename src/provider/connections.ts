import type { Dispatcher } from "undici";
import { Registry } from "../time/registry.ts";
import type { ProxyOptions } from "./transport.ts";

/** Options of `Connections`. */
export interface ConnectionsOptions {
  readonly proxy: ProxyOptions;
  readonly connectTimeoutMs: number;
  /** How often the process has been suspended so far. */
  readonly suspended: () => number;
}

/** The connections to each origin, kept alive until the process was suspended: what comes back from that is likely dead, and says so only to the request that uses it. */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #dispatchers = new Map<string, Promise<Dispatcher>>();
  readonly #retired = new Registry<Promise<void>>();
  #suspended: number;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#suspended = options.suspended();
  }

  to(origin: string): Promise<Dispatcher> {
    this.#retireAfterSuspension();
    const dispatcher = this.#dispatchers.get(origin) ?? openDispatcher(origin, this.#options);
    this.#dispatchers.set(origin, dispatcher);
    return dispatcher;
  }

  /** Closes all of them; nothing may be under way any more. */
  async close(): Promise<void> {
    const opened = await Promise.all(this.#dispatchers.values());
    this.#dispatchers.clear();
    await Promise.all([...opened.map((dispatcher) => dispatcher.destroy()), ...this.#retired]);
  }

  /** What is in flight on them goes on: its own clocks decide whether it is alive. */
  #retireAfterSuspension(): void {
    const suspended = this.#options.suspended();
    if (suspended === this.#suspended) return;
    this.#suspended = suspended;
    for (const dispatcher of this.#dispatchers.values()) {
      const closed = closing(dispatcher).finally(() => this.#retired.remove(slot));
      const slot = this.#retired.add(closed);
    }
    this.#dispatchers.clear();
  }
}

const closing = async (dispatcher: Promise<Dispatcher>): Promise<void> => {
  await dispatcher.then((opened) => opened.close()).catch(() => undefined);
};

/** undici doubles the start-up time, so it is loaded with the first request. Its own clocks are off: the layers above have theirs. */
const openDispatcher = async (origin: string, { proxy, connectTimeoutMs }: ConnectionsOptions): Promise<Dispatcher> => {
  const { EnvHttpProxyAgent, Pool } = await import("undici");
  const common = { pipelining: 1, headersTimeout: 0, bodyTimeout: 0, connectTimeout: connectTimeoutMs };
  const address = origin.startsWith("https:") ? proxy.https : proxy.http;
  if (address === undefined || address === "") return new Pool(origin, common);
  return new EnvHttpProxyAgent({
    ...common,
    httpProxy: address,
    httpsProxy: address,
    noProxy: proxy.no ?? "",
    proxyTls: { timeout: connectTimeoutMs },
    requestTls: { timeout: connectTimeoutMs },
  });
};
