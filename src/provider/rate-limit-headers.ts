import type { QuotaLevel, QuotaReading } from "../call/limiter.ts";
import { durationTextMs } from "./duration-text.ts";
import type { HttpHeaders } from "./http-contract.ts";
import type { Vendor } from "./vendor.ts";

/** What the headers of an answer say about the account's quotas; `undefined` when they say nothing. */
export const readQuotas = (headers: HttpHeaders, vendor: Vendor): QuotaReading | undefined => {
  let levels: QuotaLevel[] | undefined;
  for (const names of quotas) {
    const limit = headers[names.limit];
    const remaining = headers[names.remaining];
    if (limit === undefined && remaining === undefined) continue;
    const daily = names === requests && vendor.dailyRequestHeaders === true;
    const level = readLevel(names, daily ? dayMs : names.periodMs, limit, remaining, resetAfterMs(headers, names));
    if (level !== undefined) (levels ??= []).push(level);
  }
  return levels;
};

/** One quota and the headers that tell of it. */
interface QuotaNames {
  readonly unit: QuotaLevel["unit"];
  readonly limit: string;
  readonly remaining: string;
  readonly reset: string;
  readonly periodMs?: number | undefined;
  readonly quantum?: number | undefined;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** OpenAI's manner of naming, which most have taken over. */
const quota = (unit: QuotaLevel["unit"], name: string, periodMs?: number): QuotaNames => ({
  unit,
  limit: `x-ratelimit-limit-${name}`,
  remaining: `x-ratelimit-remaining-${name}`,
  reset: `x-ratelimit-reset-${name}`,
  periodMs,
});

const anthropicQuota = (unit: QuotaLevel["unit"], name: string, quantum?: number): QuotaNames => ({
  unit,
  limit: `anthropic-ratelimit-${name}-limit`,
  remaining: `anthropic-ratelimit-${name}-remaining`,
  reset: `anthropic-ratelimit-${name}-reset`,
  quantum,
});

const requests = quota("request", "requests");

const quotas: readonly QuotaNames[] = [
  requests,
  quota("total", "tokens"),
  quota("total", "project-tokens"),
  // Mistral
  quota("request", "req-minute"),
  quota("total", "tokens-minute"),
  // Cerebras
  quota("request", "requests-minute"),
  quota("request", "requests-hour", hourMs),
  quota("request", "requests-day", dayMs),
  quota("total", "tokens-hour", hourMs),
  quota("total", "tokens-day", dayMs),
  // Fireworks
  quota("input", "tokens-prompt"),
  quota("output", "tokens-generated"),
  // Anthropic rounds tokens to the nearest thousand.
  anthropicQuota("request", "requests"),
  anthropicQuota("total", "tokens", 1000),
  anthropicQuota("input", "input-tokens", 1000),
  anthropicQuota("output", "output-tokens", 1000),
];

/** Azure says 0 or -1 for a limit that it does not know; nothing beside it can be believed. */
const readLevel = (
  { unit, quantum }: QuotaNames,
  periodMs: number | undefined,
  limitText: string | undefined,
  remainingText: string | undefined,
  resetMs: number | undefined,
): QuotaLevel | undefined => {
  if (limitText !== undefined && Number(limitText) <= 0) return undefined;
  const limit = figure(limitText);
  const remaining = figure(remainingText);
  if (limit === undefined && remaining === undefined) return undefined;
  return {
    unit,
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(resetMs !== undefined && { resetMs }),
    ...(periodMs !== undefined && { periodMs }),
    ...(quantum !== undefined && { quantum }),
  };
};

const figure = (text: string | undefined): number | undefined => {
  const value = text === undefined || text === "" ? NaN : Number(text);
  return value >= 0 && value < Infinity ? value : undefined;
};

/** A number that would be a longer wait than this is a date. */
const longestResetMs = 31 * dayMs;

const resetAfterMs = (headers: HttpHeaders, names: QuotaNames): number | undefined => {
  const text = headers[names.reset];
  if (text === undefined) return undefined;
  const ms = durationTextMs(text);
  if (ms !== undefined && ms <= longestResetMs) return ms;
  const afterMs = dateOf(text, ms) - Date.parse(headers["date"] ?? "");
  return afterMs <= longestResetMs ? Math.max(0, afterMs) : undefined;
};

/** RFC 3339, or a number of seconds or milliseconds since 1970, which has been read as a wait of seconds. */
const dateOf = (text: string, ms: number | undefined): number => {
  if (ms === undefined) return text[4] === "-" ? Date.parse(text) : NaN;
  return ms < 1e12 ? NaN : ms < 1e14 ? ms : ms / 1000;
};
