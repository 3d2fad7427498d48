import type { DoctorWords } from "./doctor-words.ts";

/** What to do about a server that cannot be reached, or answers that it cannot. */
export const failureFix = (message: string, { fixes }: DoctorWords): string =>
  fixes[causes.find(([about]) => about.test(message))?.[1] ?? "later"];

/** The first that fits counts. */
const causes: readonly (readonly [about: RegExp, fix: keyof DoctorWords["fixes"]])[] = [
  [/certificate/, "certificate"],
  [/no TLS connection/, "tls"],
  [/ECONNREFUSED/, "deserted"],
  [/Proxy response \(407\)/, "proxyPassword"],
  [/Proxy response/, "proxyRefuses"],
  [/ENOTFOUND|EAI_/, "name"],
  [/TIMEOUT|EHOSTUNREACH|ENETUNREACH/, "firewall"],
  [/redirect/, "redirect"],
];
