import type { Account } from "./account.ts";
import type { Quota } from "./quota.ts";

/** Why a call was turned away, in the figures that the vendor's message gives. */
export interface Refusal {
  readonly reason: "requests" | "tokens" | "input" | "output" | "too-large" | "concurrency";
  readonly limit: number;
  readonly used: number;
  readonly requested: number;
  /** Until the same call could be admitted; absent when nobody can tell. */
  readonly waitMs?: number;
}

/** What one call wants. */
export interface Admittance {
  readonly now: number;
  /** What its tokens are charged with at once. */
  readonly tokens: number;
  /** @default tokens */
  readonly inputTokens?: number;
  readonly inFlight: number;
}

/** Admits a call and charges its quotas, or says why not. A refused call costs a request all the same, as at OpenAI. */
export const admit = (account: Account, call: Admittance): Refusal | undefined => {
  const { requests, tokens, input, maxConcurrent } = account;
  const { now, inFlight, inputTokens = call.tokens } = call;
  if (maxConcurrent !== undefined && inFlight >= maxConcurrent) {
    penalise(requests, now);
    return { reason: "concurrency", limit: maxConcurrent, used: inFlight, requested: 1 };
  }
  const obstacle = firstObstacle(account, now, call.tokens, inputTokens);
  if (obstacle !== undefined) {
    penalise(requests, now);
    return refusal(obstacle, now);
  }
  requests?.charge(now, 1);
  tokens?.charge(now, call.tokens);
  input?.charge(now, inputTokens);
  return undefined;
};

interface Obstacle {
  readonly reason: Refusal["reason"];
  readonly quota: Quota;
  readonly requested: number;
}

/** How long an answer will be is not known yet, so the quota of output only has to be out of debt. */
const firstObstacle = (account: Account, now: number, all: number, prompt: number): Obstacle | undefined => {
  const { requests, tokens, input, output } = account;
  if (requests !== undefined && requests.waitMs(now, 1) > 0)
    return { reason: "requests", quota: requests, requested: 1 };
  if (tokens !== undefined && tokens.waitMs(now, all) > 0) return { reason: "tokens", quota: tokens, requested: all };
  if (input !== undefined && input.waitMs(now, prompt) > 0) return { reason: "input", quota: input, requested: prompt };
  if (output !== undefined && output.level(now) <= 0) return { reason: "output", quota: output, requested: 1 };
  return undefined;
};

/** Never into debt: who hammers gets nowhere, but who stops is served after the time of one request. */
const penalise = (requests: Quota | undefined, now: number): void => {
  if (requests !== undefined) requests.charge(now, Math.min(1, Math.max(0, requests.level(now))));
};

const refusal = ({ reason, quota, requested }: Obstacle, now: number): Refusal => {
  const waitMs = quota.waitMs(now, requested);
  const used = Math.min(quota.limit, Math.ceil(quota.limit - quota.level(now)));
  const figures = { limit: quota.limit, used, requested };
  return waitMs === Infinity ? { reason: "too-large", ...figures } : { reason, ...figures, waitMs };
};
