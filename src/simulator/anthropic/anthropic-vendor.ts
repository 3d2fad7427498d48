import type { Vendor } from "../dialect.ts";
import { bearerKey, headerKey } from "../key-refusal.ts";
import type { StatedQuota } from "../read-quotas.ts";
import { anthropicError } from "./anthropic-errors.ts";

/** Anthropic's errors and headers. */
export const anthropicVendor: Vendor = {
  framing: "lf",
  key: (visit) => headerKey(visit, "x-api-key") ?? bearerKey(visit),
  error: anthropicError,
  quotaHeaders: (quotas, wallNow) => Object.assign({}, ...quotas.map((quota) => headersOf(quota, wallNow))),
  replyHeaders: (requestId) => ({ "request-id": requestId, "anthropic-organization-id": "org-simulated" }),
  errorFrame: (body) => `event: error\ndata: ${body}\n\n`,
};

const headersOf = ({ unit, limit, remaining, resetMs }: StatedQuota, wallNow: number): Record<string, string> => ({
  [`anthropic-ratelimit-${names[unit]}-limit`]: String(limit),
  [`anthropic-ratelimit-${names[unit]}-remaining`]: String(remaining),
  [`anthropic-ratelimit-${names[unit]}-reset`]: timestamp(wallNow + resetMs),
});

const names = { request: "requests", total: "tokens", input: "input-tokens", output: "output-tokens" } as const;

/** RFC 3339 in whole seconds, never too early. */
const timestamp = (wallMs: number): string =>
  `${new Date(Math.ceil(wallMs / 1000) * 1000).toISOString().slice(0, 19)}Z`;
