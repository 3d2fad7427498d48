import type { DoctorWords } from "./doctor-words.ts";

/** In English. */
export const english: DoctorWords = {
  topics: {
    node: "node",
    config: "config",
    keys: "keys",
    key: "key",
    proxy: "proxy",
    address: "address",
    answer: "answer",
    clock: "clock",
    terminal: "terminal",
    cache: "cache",
  },
  nodeTooOld: (version) => `${version} is too old`,
  nodeFix: (oldest) => `install Node ${oldest} or newer: https://nodejs.org`,
  terminal: (columns, colours, utf8) =>
    [
      columns === undefined ? "no terminal: plain lines" : `a terminal of ${columns} columns`,
      colours ? "colours" : "no colours",
      utf8 ? "UTF-8" : "ASCII only",
    ].join(", "),
  terminalFix: (windows) => (windows ? "use Windows Terminal" : "export LANG=C.UTF-8"),
  cacheOff: "off, as SLUICE_CACHE wants it",
  cacheNowhere: "there is no place for it: what is learned about limits is forgotten",
  cacheNowhereFix: "export HOME or XDG_CACHE_HOME",
  cacheUnwritable: (folder, why) => `${folder} cannot be written: ${why}`,
  cacheFix: "make it writable, or export XDG_CACHE_HOME=/another/folder",
  noConfig: "no file: flags and variables only",
  configFix: "mend the file; sluice config --origin shows what holds then",
  configKeyFix: 'write the key into .env, which git should ignore, and "$VARIABLE" in its place',
  noKeys: "no key of any provider is set",
  noKeysFix:
    "sluice demo needs none; else export OPENAI_API_KEY=… (sluice models lists the others), or give --base-url",
  keyMissing: (provider) => `no API key for ${provider}`,
  noKeyNeeded: "none, and none is needed",
  keyFrom: (mask, source) => `${mask} from ${source}`,
  keyUnprintable: (key) => `${key}: it holds a space, a line break or a letter beyond ASCII`,
  keyUnprintableFix: (source, isVariable) =>
    isVariable ? `export ${source}=… once more, without them` : `mend the key in ${source}`,
  addressFix: (variable) => `export ${variable}=https://…`,
  noProxy: "none: straight to the address",
  through: (proxy) => `through ${proxy}`,
  proxyNoAddress: "the proxy is no address",
  hostIs: (host, address) => `${host} is ${address}`,
  hostUnknown: (host, why) => `the name ${host} is not found: ${why}`,
  answered: (status, ms) => `${status} in ${ms}ms`,
  reachable: (status, ms) => `reachable in ${ms}ms; it has no list of models (${status})`,
  busy: (status) => `reachable, but busy (${status})`,
  late: (seconds) => `no answer within ${seconds} s`,
  clockRight: "right",
  clockAhead: (seconds) => `${seconds} s ahead of the server's`,
  clockBehind: (seconds) => `${seconds} s behind the server's`,
  clockFix: "set the clock (NTP): dates in retry-after, and TLS certificates, are read by it",
  refused: (provider, source, isVariable, others) => {
    const [first] = others;
    const region = first === undefined ? "" : `; a key of ${others.join(" or ")} is checked with -m ${first}`;
    const place = isVariable ? `export ${source}=…` : `put it where ${source} has this one`;
    return `make a key that may be used for this at ${provider}, and ${place}${region}`;
  },
  keyWanted: "this server wants a key: export SLUICE_API_KEY=…",
  fixes: {
    certificate:
      "does a proxy look into TLS? export NODE_EXTRA_CA_CERTS=/path/to/its-ca.pem; else check the address and the clock",
    tls: "check http and https in the address",
    deserted: "is the server running, and is the port right? a proxy may be wrong, too: HTTPS_PROXY, NO_PROXY",
    proxyPassword: "the proxy wants a name and a password: export HTTPS_PROXY=http://name:password@host:port",
    proxyRefuses: "the proxy refuses this address: allow it there, or export NO_PROXY=its-host",
    name: "check the spelling, the network and its DNS; behind a proxy, export HTTPS_PROXY=http://host:port",
    firewall: "a firewall may be in the way: behind a proxy, export HTTPS_PROXY=http://host:port",
    redirect: "set the base URL to the address that answers",
    proxyAddress: "export HTTPS_PROXY=http://host:port",
    later: "try again in a while; if it stays so, the provider's status page may say more",
  },
};
