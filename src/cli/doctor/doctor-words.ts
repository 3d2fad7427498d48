import type { Topic } from "./check.ts";

/** What `sluice doctor` says in one language; errors of the network and of providers stay as they are. */
export interface DoctorWords {
  readonly topics: Readonly<Record<Topic, string>>;
  readonly nodeTooOld: (version: string) => string;
  readonly nodeFix: (oldest: string) => string;
  readonly terminal: (columns: number | undefined, colours: boolean, utf8: boolean) => string;
  readonly terminalFix: (windows: boolean) => string;
  readonly cacheOff: string;
  readonly cacheNowhere: string;
  readonly cacheNowhereFix: string;
  readonly cacheUnwritable: (folder: string, why: string) => string;
  readonly cacheFix: string;
  readonly noConfig: string;
  readonly configFix: string;
  readonly configKeyFix: string;
  readonly noKeys: string;
  readonly noKeysFix: string;
  readonly keyMissing: (provider: string) => string;
  readonly noKeyNeeded: string;
  readonly keyFrom: (mask: string, source: string) => string;
  readonly keyUnprintable: (key: string) => string;
  readonly keyUnprintableFix: (source: string, isVariable: boolean) => string;
  readonly addressFix: (variable: string) => string;
  readonly noProxy: string;
  readonly through: (proxy: string) => string;
  readonly proxyNoAddress: string;
  readonly hostIs: (host: string, address: string) => string;
  readonly hostUnknown: (host: string, why: string) => string;
  readonly answered: (status: number, ms: number) => string;
  readonly reachable: (status: number, ms: number) => string;
  readonly busy: (status: number) => string;
  readonly late: (seconds: number) => string;
  readonly clockRight: string;
  readonly clockAhead: (seconds: number) => string;
  readonly clockBehind: (seconds: number) => string;
  readonly clockFix: string;
  readonly refused: (provider: string, source: string, isVariable: boolean, others: readonly string[]) => string;
  readonly keyWanted: string;
  readonly fixes: Readonly<
    Record<
      | "certificate"
      | "tls"
      | "deserted"
      | "proxyPassword"
      | "proxyRefuses"
      | "name"
      | "firewall"
      | "redirect"
      | "proxyAddress"
      | "later",
      string
    >
  >;
}
