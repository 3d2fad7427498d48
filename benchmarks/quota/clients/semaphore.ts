import { seededRng } from "../../../src/time/rng.ts";
import { callsAtOnce } from "../known-limit.ts";
import type { PeerClient } from "../quota-client.ts";
import { takeAhead } from "./take-ahead.ts";

/**
 * The tutorial's: so many calls at once, three retries with exponential backoff that keep their place.
 *
 * @param factor times the number that Little's law says is needed, which nobody knows beforehand.
 */
export const semaphore =
  (factor: number): PeerClient =>
  async ({ attempt, calls, known, lost }) => {
    const rng = seededRng(7);
    const patiently = async (call: Parameters<typeof attempt>[0]): Promise<void> => {
      for (let retry = 0; ; retry++) {
        try {
          return await attempt(call);
        } catch (error) {
          if (retry === 3) throw error;
          await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** retry * (0.5 + rng())));
        }
      }
    };
    await takeAhead(calls, Math.round(factor * callsAtOnce(known)), patiently, lost);
  };
