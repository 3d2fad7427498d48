import { environmentProxy } from "../../client/environment.ts";
import type { Transport } from "../../provider/http-contract.ts";
import { createTransport } from "../../provider/transport.ts";
import { UsageError } from "../usage-error.ts";

/** A transport for the few requests that commands make themselves, through the proxies of the environment. @throws UsageError when one is no address */
export const directTransport = (connectTimeoutMs: number): Transport => {
  const proxy = environmentProxy();
  try {
    return createTransport({ connectTimeoutMs, ...(proxy === undefined ? {} : { proxy }) });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), [
      "fix        HTTPS_PROXY and HTTP_PROXY must be addresses such as http://proxy.example:3128",
    ]);
  }
};
