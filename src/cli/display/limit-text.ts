import type { LimitStats } from "../../limit/limit-stats.ts";
import { compact, grouped } from "./amount-text.ts";
import { knownLimit } from "./snapshot.ts";
import type { Words } from "./words.ts";

/** The limits that a text may name. */
export interface Limited {
  readonly limits: readonly LimitStats[];
}

/** A limit's name in words: `requests per minute`; what is no limit keeps its own. */
export const limitName = (name: string, { limitNames }: Words): string => limitNames[name] ?? name;

/** Where the value of a limit comes from, after its name: ` (--rpm 500)`, ` (600, from the provider's headers)`. */
export const limitDetail = (limited: Limited, name: string, { bound }: Words): string => {
  const limit = knownLimit(limited, name);
  const flag = limitFlags[name];
  if (limit === undefined) return "";
  return flag === undefined || limit.source !== "configured"
    ? bound.detail([grouped(limit.value), bound.sources[limit.source]])
    : bound.detail([`${flag} ${limit.value}`]);
};

/** How many calls may run at once, and who says so; absent when nobody knows. */
export const concurrencyText = (limited: Limited, { bound }: Words): string | undefined => {
  const slots = knownLimit(limited, "maxConcurrent");
  if (slots === undefined) return undefined;
  const sources = { ...bound.sources, configured: `-j ${slots.value}`, learned: bound.auto };
  return bound.concurrency(grouped(slots.value), sources[slots.source]);
};

/** What a bound comes from, in few words: `500 rpm`, `requests per minute (600, learned)`, `concurrency 64 (auto)`. */
export const boundSource = (limited: Limited, name: string, words: Words): string => {
  if (name === "latency") return words.bound.slowest;
  if (name === "maxConcurrent") return concurrencyText(limited, words) ?? limitName(name, words);
  const limit = knownLimit(limited, name);
  if (limit?.source === "configured") {
    if (name === "requestsPerMinute") return words.requestsPerMinute(grouped(limit.value));
    if (name === "tokensPerMinute") return words.tokensPerMinute(compact(limit.value, words));
  }
  return limitName(name, words) + limitDetail(limited, name, words);
};

/** The flag that sets a limit. */
export const limitFlag = (name: string): string => limitFlags[name] ?? name;

const limitFlags: Readonly<Record<string, string>> = {
  requestsPerMinute: "--rpm",
  tokensPerMinute: "--tpm",
  inputTokensPerMinute: "--itpm",
  outputTokensPerMinute: "--otpm",
  requestsPerDay: "--rpd",
  tokensPerDay: "--tpd",
  maxConcurrent: "-j",
};
