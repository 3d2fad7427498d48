import type { Dispatcher } from "undici";
import { CallError } from "../call/call-error.ts";
import type { HttpRequest, HttpSink, Transport } from "./http-contract.ts";
import { Registry } from "../time/registry.ts";
import { suspensions } from "../time/system-clock.ts";
import { Connections } from "./connections.ts";
import { HttpExchange } from "./http-exchange.ts";

/** Where requests go out. Addresses are URLs: `http://proxy.example:3128`. */
export interface ProxyOptions {
  /** For `http:` targets. */
  readonly http?: string;
  /** For `https:` targets. */
  readonly https?: string;
  /** Hosts that are reached directly, separated by commas; `*` for all. */
  readonly no?: string;
}

/** Options of `createTransport`. */
export interface TransportOptions {
  /** @default none: the environment is not read */
  readonly proxy?: ProxyOptions;
  /** How long one connection may take to be made, TLS included. @default 10_000 */
  readonly connectTimeoutMs?: number;
  /** How long a finished stream may take to end its body before its connection is cut. @default 1000 */
  readonly lingerMs?: number;
  /** The most bytes held for a slow reader whose connection cannot be paused. @default 16 MiB */
  readonly maxHeldBytes?: number;
  /** How often the process has been suspended so far: connections from before are not used again. @default as the system's clock sees it */
  readonly suspended?: () => number;
}

/** Connections to any number of origins, kept alive and shared; as many at once as there are requests. */
export const createTransport = (options: TransportOptions = {}): Transport => {
  const { proxy = {}, connectTimeoutMs = 10_000, lingerMs = 1000, maxHeldBytes = 16 * 2 ** 20 } = options;
  const { suspended = suspensions } = options;
  checkPositive({ connectTimeoutMs, lingerMs, maxHeldBytes });
  checkProxy("http", proxy.http);
  checkProxy("https", proxy.https);
  preload();
  const connections = new Connections({ proxy, connectTimeoutMs, suspended });
  const running = new Registry<Promise<void>>();
  let closed = false;

  const exchange = async (request: HttpRequest, signal: AbortSignal, sink: HttpSink): Promise<void> => {
    signal.throwIfAborted();
    const dispatcher = await connections.to(request.origin);
    signal.throwIfAborted();
    const handler = new HttpExchange(sink, signal, { lingerMs, maxHeldBytes });
    dispatcher.dispatch(
      { origin: request.origin, path: request.path, method: request.method, ...withBody(request) },
      handler,
    );
    await handler.done;
  };

  return {
    send: async (request, signal, sink) => {
      if (closed) throw new CallError("closed", "Cannot send the request: the client is closed");
      const sending = exchange(request, signal, sink);
      const slot = running.add(sending);
      try {
        await sending;
      } finally {
        running.remove(slot);
      }
    },
    close: async () => {
      closed = true;
      while (running.size > 0) await Promise.allSettled(running);
      await connections.close();
    },
  };
};

const checkPositive = (options: Readonly<Record<string, number>>): void => {
  for (const [name, value] of Object.entries(options)) {
    if (value >= 1) continue;
    throw new RangeError(`Cannot create transport: "${name}" must be a number from 1, got ${value}`);
  }
};

/** The address may hold a password, so it is not shown. */
const checkProxy = (name: string, address: string | undefined): void => {
  if (address === undefined || address === "") return;
  if (URL.canParse(address) && /^(?:https?|socks5?):$/.test(new URL(address).protocol)) return;
  throw new TypeError(
    `Cannot create transport: "proxy.${name}" must be a URL such as http://proxy.example:3128, got something else`,
  );
};

/** In the background: the first requests are to leave when their permits say so, not when a library has been read. */
const preload = (): void => {
  import("undici").catch(() => undefined);
};

/** A compressed answer could grow a thousandfold as it is read, so none is asked for. */
const withBody = ({ headers, body }: HttpRequest): Pick<Dispatcher.DispatchOptions, "headers" | "body"> => {
  const sent = { "accept-encoding": "identity", ...headers };
  return body === undefined ? { headers: sent } : { headers: sent, body };
};
