import type { Rate } from "../../src/observe/lower-bound.ts";
import type { VirtualProviderOptions } from "../../src/simulator/virtual-provider.ts";

/** What a server really allows: two windows' worth may come close together where one of them turns. */
export const trueRates = (server: Omit<VirtualProviderOptions, "clock">): readonly Rate[] => {
  const { requestsPerMinute, tokensPerMinute, inputTokensPerMinute, requestQuota } = server;
  const own = typeof requestQuota === "object" ? requestQuota : {};
  return [
    ...rateOf("requestsPerMinute", "request", requestsPerMinute, { ...server, ...own }),
    ...rateOf("tokensPerMinute", "total", tokensPerMinute, server),
    ...rateOf("inputTokensPerMinute", "input", inputTokensPerMinute, server),
  ];
};

type Shape = Pick<VirtualProviderOptions, "quota" | "burstMs" | "windowMs">;

const rateOf = (name: string, unit: Rate["unit"], limit: number | undefined, shape: Shape): readonly Rate[] => {
  if (limit === undefined) return [];
  const { quota = "bucket", burstMs = 60_000, windowMs = 60_000 } = shape;
  const spanMs = { bucket: burstMs, window: 2 * windowMs, sliding: windowMs }[quota];
  return [{ name, unit, limit, periodMs: 60_000, burst: Math.max(1, (limit / 60_000) * spanMs) }];
};
