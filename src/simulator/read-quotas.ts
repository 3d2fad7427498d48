import type { QuotaLevel } from "../call/limiter.ts";
import type { AccountQuota } from "./account.ts";

/** What an answer says of one quota. */
export type StatedQuota = Required<Pick<QuotaLevel, "unit" | "limit" | "remaining" | "resetMs">>;

/** What the account says of its quotas at a time, with what is left rounded down to multiples of the quantum. */
export const readQuotas = (quotas: readonly AccountQuota[], now: number, quantum: number): readonly StatedQuota[] =>
  quotas.map(({ unit, quota }) => ({
    unit,
    limit: quota.limit,
    remaining: Math.max(0, Math.floor(quota.level(now) / quantum) * quantum),
    resetMs: quota.resetMs(now),
  }));
