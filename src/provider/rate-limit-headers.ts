import type { QuotaLevel, QuotaReading } from "../call/limiter.ts";
import { durationTextMs } from "./duration-text.ts";
import type { HttpHeaders } from "./http-contract.ts";
import type { Vendor } from "./vendor.ts";

const quota = (unit: QuotaLevel["unit"], name: string) => ({
  unit,
  limit: `x-ratelimit-limit-${name}`,
  remaining: `x-ratelimit-remaining-${name}`,
  reset: `x-ratelimit-reset-${name}`,
});

const quotas: readonly ReturnType<typeof quota>[] = [
  quota("request", "requests"),
  quota("request", "req-minute"),
  quota("total", "tokens"),
  quota("total", "project-tokens"),
  quota("total", "tokens-minute"),
  quota("input", "tokens-prompt"),
  quota("output", "tokens-generated"),
];

/** What `x-ratelimit-*` headers say about the account's quotas; `undefined` when they say nothing. */
export const readQuotas = (headers: HttpHeaders, vendor: Vendor): QuotaReading | undefined => {
  const levels: QuotaLevel[] = [];
  for (const names of quotas) {
    if (vendor.dailyRequestHeaders === true && names.unit === "request") continue;
    const level = readLevel(headers, names);
    if (level !== undefined) levels.push(level);
  }
  return levels.length === 0 ? undefined : levels;
};

const readLevel = (headers: HttpHeaders, names: ReturnType<typeof quota>): QuotaLevel | undefined => {
  const limit = count(headers[names.limit]);
  const remaining = count(headers[names.remaining]);
  const resetMs = duration(headers[names.reset]);
  if (limit === undefined && remaining === undefined) return undefined;
  return {
    unit: names.unit,
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(resetMs !== undefined && { resetMs }),
  };
};

/** Azure says -1 when it has no figure. */
const count = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;

/** A plain number this large is a date, not a wait. */
const longestResetMs = 31 * 86_400_000;

const duration = (text: string | undefined): number | undefined => {
  const ms = text === undefined ? undefined : durationTextMs(text);
  return ms === undefined || ms > longestResetMs ? undefined : ms;
};
