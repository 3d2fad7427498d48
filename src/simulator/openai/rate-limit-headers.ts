import { goDuration } from "./go-duration.ts";
import type { StatedQuota } from "../read-quotas.ts";

/** The `x-ratelimit-*` headers that go with an answer; OpenAI writes times as Go does. */
export const rateLimitHeaders = (
  quotas: readonly StatedQuota[],
  timeText: (ms: number) => string = goDuration,
): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const { unit, limit, remaining, resetMs } of quotas) {
    headers[`x-ratelimit-limit-${names[unit]}`] = String(limit);
    headers[`x-ratelimit-remaining-${names[unit]}`] = String(remaining);
    headers[`x-ratelimit-reset-${names[unit]}`] = timeText(resetMs);
  }
  return headers;
};

/** OpenAI's names; it has none for the last two, so those are the names of Fireworks. */
const names = { request: "requests", total: "tokens", input: "tokens-prompt", output: "tokens-generated" } as const;
