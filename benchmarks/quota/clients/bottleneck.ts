import Bottleneck from "bottleneck";
import { CallError } from "../../../src/call/call-error.ts";
import { callsAtOnce, expectedCost } from "../known-limit.ts";
import type { PeerClient } from "../quota-client.ts";
import { takeAhead } from "./take-ahead.ts";

/** Bottleneck with a reservoir refreshed each minute; what a call weighs is what it is expected to cost. */
export const bottleneck: PeerClient = async ({ attempt, calls, known, lost }) => {
  const maxConcurrent = known.unit === "slot" ? known.limit : 2 * callsAtOnce(known);
  const reservoir = { reservoir: known.limit, reservoirRefreshAmount: known.limit, reservoirRefreshInterval: 60_000 };
  // Bottleneck weighs concurrency too, so the two cannot be one limiter.
  const quota = new Bottleneck(known.unit === "slot" ? {} : reservoir);
  const slots = new Bottleneck({ maxConcurrent });
  slots.on("failed", (error: unknown, { retryCount }) => {
    if (retryCount >= 5 || !(error instanceof CallError) || !error.retryable) return undefined;
    return error.retryAfterMs ?? 1000 * 2 ** retryCount;
  });
  await takeAhead(
    calls,
    2 * maxConcurrent,
    (call) => slots.schedule(() => quota.schedule({ weight: expectedCost(known, call) }, () => attempt(call))),
    lost,
  );
};
