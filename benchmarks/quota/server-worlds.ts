import type { AccountOptions } from "../../src/simulator/account-options.ts";
import { chatLaw, type CallLaw } from "./chat-calls.ts";
import type { KnownLimit } from "./known-limit.ts";

/** One kind of server and the calls that are made of it. */
export interface ServerWorld {
  readonly name: string;
  readonly options: AccountOptions;
  /** The share of calls that end with a 500. @default 0 */
  readonly faults?: number;
  readonly known: KnownLimit;
  readonly law: CallLaw;
}

const world = (
  name: string,
  known: Omit<KnownLimit, "meanCall">,
  options: AccountOptions,
  law = chatLaw,
): ServerWorld => ({
  name,
  options,
  law,
  known: { ...known, meanCall: law.mean },
});

/** Requests bind; tokens are limited too, but far away. */
export const requestsBind = (
  name: string,
  options: AccountOptions,
  requestsPerMinute: number = 2000,
  law: CallLaw = chatLaw,
): ServerWorld => {
  const limits = { requestsPerMinute, tokensPerMinute: 20_000_000 };
  const known = { unit: "request", limit: requestsPerMinute, limits } as const;
  return world(name, known, { ...limits, ...options }, law);
};

/** Tokens bind; requests are limited too, but far away. */
export const tokensBind = (
  name: string,
  options: AccountOptions,
  tokensPerMinute: number = 4_000_000,
  law: CallLaw = chatLaw,
): ServerWorld => {
  const limits = { requestsPerMinute: 20_000, tokensPerMinute };
  const known = { unit: "total", limit: tokensPerMinute, limits } as const;
  return world(name, known, { ...limits, ...options }, law);
};

const both = (name: string, options: AccountOptions): readonly ServerWorld[] => [
  requestsBind(`${name}, requests`, options),
  tokensBind(`${name}, tokens`, options),
];

const azure: AccountOptions = {
  requestQuota: { quota: "window", windowMs: 10_000 },
  tokenQuota: { quota: "window", windowMs: 60_000 },
};

const bindsAtOnce = { unit: "slot", limit: 64, limits: { maxConcurrent: 64 } } as const;
const outputLimits = { requestsPerMinute: 20_000, outputTokensPerMinute: 600_000 };

/** The servers of the table. */
export const serverWorlds: readonly ServerWorld[] = [
  ...both("bucket 60 s", {}),
  ...both("bucket 10 s", { burstMs: 10_000 }),
  requestsBind("bucket 1 s, requests", { requestQuota: { burstMs: 1000 }, tokenQuota: { burstMs: 10_000 } }),
  ...both("window 60 s", { quota: "window" }),
  ...both("window 60 s, turned 23 s", { quota: "window", windowPhaseMs: 23_000 }),
  ...both("sliding 60 s", { quota: "sliding" }),
  ...both("Azure-like", azure),
  world("output while streaming", { unit: "output", limit: 600_000, limits: outputLimits }, outputLimits),
  world("64 slots", bindsAtOnce, { maxConcurrent: 64 }),
  world("saturates at 64", bindsAtOnce, { kneeConcurrent: 64 }),
];
