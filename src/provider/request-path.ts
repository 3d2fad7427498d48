import type { Operation } from "../call/call.ts";
import { shownAddress } from "./shown-address.ts";
import type { Vendor } from "./vendor.ts";
import type { WireFormat } from "./wire-format.ts";

/** Where a provider's requests go, taken apart. */
export interface Base {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly path: string;
  /** With its question mark; empty when there is none. */
  readonly query: string;
  /** Azure's older manner: the deployment stands in the path, and the query dates the API. */
  readonly perDeployment: boolean;
}

/** Takes a base URL apart. @throws TypeError when it is no http(s) URL, or holds a user name. */
export const baseOf = (baseURL: string): Base => {
  const url = URL.canParse(baseURL) ? new URL(baseURL) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    const shown =
      url === undefined ? JSON.stringify(shownAddress(baseURL).slice(0, 80)) : `one of ${url.protocol}//${url.host}`;
    throw new TypeError(`Cannot create provider: "baseURL" must be an http(s) URL without a user name, got ${shown}`);
  }
  const path = url.pathname.replace(/(?<!\/)\/+$/, "");
  const dated = url.searchParams.has("api-version") && !path.endsWith("/v1");
  return { origin: url.origin, path, query: url.search, perDeployment: dated };
};

/** The path and query of one request. */
export const requestPath = (
  base: Base,
  vendor: Vendor,
  format: WireFormat,
  model: string,
  streamed: boolean,
): string => {
  const own = vendor.paths?.[format.operation] ?? format.path(model, streamed);
  const dated = vendor.basePath !== undefined && base.perDeployment;
  const prefix = dated ? deploymentPath(base.path, model, format.operation) : base.path;
  if (base.query === "") return prefix + own;
  return own.includes("?") ? `${prefix}${own}&${base.query.slice(1)}` : prefix + own + base.query;
};

/** What Azure serves under the path of a deployment; of the rest it reads the deployment in the body. */
const ofDeployment: ReadonlySet<Operation> = new Set(["chat", "embeddings"]);

const deploymentPath = (path: string, model: string, operation: Operation): string => {
  const root = path === "" ? "/openai" : path;
  return root.includes("/deployments/") || !ofDeployment.has(operation)
    ? root
    : `${root}/deployments/${encodeURIComponent(model)}`;
};
