import { goDuration } from "./go-duration.ts";
import type { Quota } from "./quota.ts";

/** The quotas an account has; a missing one is unlimited and unmentioned. */
export interface Quotas {
  readonly requests?: Quota;
  readonly tokens?: Quota;
}

/** The `x-ratelimit-*` headers that go with every answer. */
export const rateLimitHeaders = (quotas: Quotas, now: number): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const unit of ["requests", "tokens"] as const) {
    const quota = quotas[unit];
    if (quota === undefined) continue;
    headers[`x-ratelimit-limit-${unit}`] = String(quota.limit);
    headers[`x-ratelimit-remaining-${unit}`] = String(Math.max(0, Math.floor(quota.level(now))));
    headers[`x-ratelimit-reset-${unit}`] = goDuration(quota.resetMs(now));
  }
  return headers;
};
