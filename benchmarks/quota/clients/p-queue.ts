import PQueue from "p-queue";
import pRetry from "p-retry";
import { callsAtOnce, callsPerMinute } from "../known-limit.ts";
import type { PeerClient } from "../quota-client.ts";
import { takeAhead } from "./take-ahead.ts";

/** p-queue with an interval cap in ten-call steps at exactly the rate that the limit allows in the mean, and p-retry. */
export const pQueue: PeerClient = async ({ attempt, calls, known, lost }) => {
  const interval = Math.round((60_000 * callsInStep) / callsPerMinute(known));
  const rate = known.unit === "slot" ? {} : { interval, intervalCap: callsInStep };
  const concurrency = known.unit === "slot" ? known.limit : 2 * callsAtOnce(known);
  const queue = new PQueue({ concurrency, ...rate });
  const work = (call: Parameters<typeof attempt>[0]): Promise<void> =>
    queue.add(() => pRetry(() => attempt(call), { retries: 5, minTimeout: 1000, factor: 2, randomize: true }));
  await takeAhead(calls, 2 * concurrency, work, lost);
};

const callsInStep = 10;
