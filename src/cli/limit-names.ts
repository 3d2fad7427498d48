import type { Limits } from "../limit/limits.ts";
import { rateNames } from "../limit/rates.ts";

/** Every limit, in the order in which people think of them. */
export const limitNames: readonly (keyof Limits)[] = ["maxConcurrent", ...rateNames];

/** What configurations and plain lines call a limit, such as `rpm`; what is no limit keeps its own name. */
export const shortLimitName = (name: string): string => (short as Readonly<Record<string, string>>)[name] ?? name;

const short: Readonly<Record<keyof Limits, string>> = {
  maxConcurrent: "concurrency",
  requestsPerMinute: "rpm",
  tokensPerMinute: "tpm",
  inputTokensPerMinute: "itpm",
  outputTokensPerMinute: "otpm",
  requestsPerDay: "rpd",
  tokensPerDay: "tpd",
};
