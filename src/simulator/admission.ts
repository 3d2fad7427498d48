import type { Quota } from "./quota.ts";
import type { Quotas } from "./rate-limit-headers.ts";

/** Why a call was turned away, in the figures that the vendor's message gives. */
export interface Refusal {
  readonly reason: "requests" | "tokens" | "too-large" | "concurrency";
  readonly limit: number;
  readonly used: number;
  readonly requested: number;
  /** Until the same call could be admitted; absent when nobody can tell. */
  readonly waitMs?: number;
}

/** What the account allows, as it stands. */
export interface Account extends Quotas {
  readonly maxConcurrent?: number;
}

/** What one call wants. */
export interface Admittance {
  readonly now: number;
  readonly tokens: number;
  readonly inFlight: number;
}

/** Admits a call and charges its quotas, or says why not. A refused call costs a request all the same, as at OpenAI. */
export const admit = (account: Account, call: Admittance): Refusal | undefined => {
  const { requests, tokens, maxConcurrent } = account;
  const { now, inFlight } = call;
  if (maxConcurrent !== undefined && inFlight >= maxConcurrent) {
    penalise(requests, now);
    return { reason: "concurrency", limit: maxConcurrent, used: inFlight, requested: 1 };
  }
  if (requests !== undefined && requests.waitMs(now, 1) > 0) {
    penalise(requests, now);
    return refusal("requests", requests, now, 1);
  }
  if (tokens !== undefined && tokens.waitMs(now, call.tokens) > 0) {
    penalise(requests, now);
    return refusal("tokens", tokens, now, call.tokens);
  }
  requests?.charge(now, 1);
  tokens?.charge(now, call.tokens);
  return undefined;
};

/** Never into debt: who hammers gets nowhere, but who stops is served after the time of one request. */
const penalise = (requests: Quota | undefined, now: number): void => {
  if (requests !== undefined) requests.charge(now, Math.min(1, Math.max(0, requests.level(now))));
};

const refusal = (reason: "requests" | "tokens", quota: Quota, now: number, requested: number): Refusal => {
  const waitMs = quota.waitMs(now, requested);
  const used = Math.min(quota.limit, Math.ceil(quota.limit - quota.level(now)));
  const figures = { limit: quota.limit, used, requested };
  return waitMs === Infinity ? { reason: "too-large", ...figures } : { reason, ...figures, waitMs };
};
