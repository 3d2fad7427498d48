import { EnvHttpProxyAgent, fetch as undiciFetch } from "undici";
import type { ProxyOptions } from "./transport.ts";

type Fetch = typeof globalThis.fetch;

/** The plain `fetch`, through the proxy where there is one: Node's own does not heed it. */
export const passOn = async (
  input: Parameters<Fetch>[0],
  init: Parameters<Fetch>[1],
  proxy: ProxyOptions | undefined,
): Promise<Response> => {
  if (proxy === undefined) return globalThis.fetch(input, init);
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: proxy.http ?? "",
    httpsProxy: proxy.https ?? "",
    noProxy: proxy.no ?? "",
  });
  // The same interface, of two versions of one library.
  const answer = undiciFetch(input as string, { ...(init as object), dispatcher });
  return answer as unknown as Promise<Response>;
};
