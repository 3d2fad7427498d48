import type { LiveTarget } from "../run/live-target.ts";
import { sharingKey } from "./patients.ts";

/** What to do about a server that cannot be reached, or answers that it cannot. */
export const failureFix = (message: string): string =>
  failureFixes.find(([about]) => about.test(message))?.[1] ?? lookAgain;

const lookAgain = "try again in a while; if it stays so, the provider's status page may say more";

const failureFixes: readonly (readonly [about: RegExp, fix: string])[] = [
  [
    /certificate/,
    "does a proxy look into TLS? export NODE_EXTRA_CA_CERTS=/path/to/its-ca.pem; else check the address and the clock",
  ],
  [/no TLS connection/, "check http and https in the address"],
  [/ECONNREFUSED/, "is the server running, and is the port right?  a proxy may be wrong, too: HTTPS_PROXY, NO_PROXY"],
  [
    /Proxy response \(407\)/,
    "the proxy wants a name and a password: export HTTPS_PROXY=http://name:password@host:port",
  ],
  [/Proxy response/, "the proxy refuses this address: allow it there, or export NO_PROXY=its-host"],
  [/ENOTFOUND|EAI_/, "check the spelling of the address, the network and its DNS"],
  [
    /no answer within|TIMEOUT|EHOSTUNREACH|ENETUNREACH/,
    "a firewall may be in the way: behind a proxy, export HTTPS_PROXY=http://host:port",
  ],
  [/redirect/, "set the base URL to the address that answers"],
];

/** What to do about a key that is refused: it may be one of another region. */
export const refusedFix = ({ shown: { provider, keySource } }: LiveTarget): string => {
  if (keySource === undefined) return "this server wants a key: export SLUICE_API_KEY=…";
  const others = sharingKey(provider, keySource);
  const region = others.length === 0 ? "" : `; a key of ${others.join(" or ")} is checked with -m ${others[0] ?? ""}`;
  return `make a key that may be used for this at ${provider}, and export ${keySource}=…${region}`;
};
