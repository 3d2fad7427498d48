import type { ProxyOptions } from "../../provider/transport.ts";

/** The proxy that requests to an address go through; nothing when they go directly. */
export const proxyOf = (baseURL: string, proxies: ProxyOptions | undefined): string | undefined => {
  const { protocol, hostname, port } = new URL(baseURL);
  const address = protocol === "https:" ? proxies?.https : proxies?.http;
  if (address === undefined || address === "") return undefined;
  const usedPort = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  return isDirect(hostname.toLowerCase(), usedPort, proxies?.no ?? "") ? undefined : address;
};

/** A proxy as it may be shown: its address may hold a password. */
export const shownProxy = (address: string): string =>
  URL.canParse(address) ? `${new URL(address).protocol}//${new URL(address).host}` : "something that is no address";

const isDirect = (hostname: string, port: string, no: string): boolean =>
  no === "*" ||
  no.split(/[,\s]+/).some((entry) => {
    if (entry === "") return false;
    const [, named = entry, itsPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
    const suffix = named.replace(/^\*?\./, "").toLowerCase();
    return (itsPort === undefined || itsPort === port) && (hostname === suffix || hostname.endsWith(`.${suffix}`));
  });
