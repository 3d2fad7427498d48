import { QuotaLimiter } from "../../../src/limit/quota-limiter.ts";
import { seededRng } from "../../../src/time/rng.ts";
import { VirtualClock } from "../../../src/time/virtual-clock.ts";
import type { TargetGroup } from "./target.ts";

const perMinute = 200_000;
const big = 90_000;
const minutes = 60;

/** L6: small calls fill 98 % of the quota, and the rare big one must not starve. */
export const waitTarget: TargetGroup = {
  name: "L6",
  measure: async ({ seed }) => {
    const clock = new VirtualClock();
    const rng = seededRng(seed);
    const limiter = new QuotaLimiter({ clock, limits: { maxConcurrent: 10_000, tokensPerMinute: perMinute } });
    const calls: Promise<void>[] = [];
    let sequence = 0;
    let ahead = 0;
    let worst = -Infinity;
    const send = (tokens: number): void => {
      const [work, sentAt] = [ahead, clock.now()];
      const demand = { inputTokens: tokens, outputTokens: 0 };
      ahead += tokens;
      const admitted = limiter.admit({ id: "c", demand, sequence: sequence++ });
      calls.push(
        admitted.then((permit) => {
          ahead -= tokens;
          if (tokens === big) worst = Math.max(worst, clock.now() - sentAt - ((work + big) * 60_000) / perMinute);
          const usage = { inputTokens: tokens, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 };
          permit.settle({ ok: true, usage });
        }),
      );
    };
    const small = (): void => {
      send(1000);
      if (clock.now() < minutes * 60_000)
        clock.schedule(clock.now() + (-Math.log(1 - rng()) * 60_000 * 1000) / (0.98 * perMinute), small);
    };
    small();
    for (let minute = 5; minute < minutes; minute += 10) clock.schedule(minute * 60_000, () => send(big));
    await clock.advance(2 * minutes * 60_000);
    await Promise.all(calls);
    return [
      {
        name: "L6 wait of a big call beyond (work ahead + its own) / rate",
        aim: "<= 1 s",
        measured: `${(worst / 1000).toFixed(2)} s`,
        met: worst <= 1000,
      },
    ];
  },
};
