import { sluice } from "../clients/sluice.ts";
import { lumpyLaw } from "../chat-calls.ts";
import { requestsBind, type ServerWorld, tokensBind } from "../server-worlds.ts";
import { steadyRun, type SteadyResult } from "../steady-run.ts";
import { percent, type TargetGroup, type TargetResult } from "./target.ts";

interface SteadyAim {
  readonly name: string;
  readonly world: ServerWorld;
  readonly isTold: boolean;
  readonly share: number;
  readonly refused: number;
  /** @default 1 */
  readonly refusedAtFirst?: number;
}

const foreign = { foreignShare: 0.3 };
const silent = { headers: false };
const tenSeconds = { burstMs: 10_000 };
const tenTimes = requestsBind("", tenSeconds);
const lumps = tokensBind("", { quota: "window" }, 4_000_000, lumpyLaw(800_000, 500));

const aims: readonly SteadyAim[] = [
  {
    name: "L2 30 % foreign, bucket 60 s, headers",
    world: requestsBind("", foreign),
    isTold: true,
    share: 0.99,
    refused: 0.001,
  },
  {
    name: "L2 30 % foreign, bucket 10 s, headers",
    world: tokensBind("", { ...foreign, ...tenSeconds }),
    isTold: true,
    share: 0.99,
    refused: 0.001,
  },
  {
    name: "L2 30 % foreign, bucket 60 s, no headers",
    world: requestsBind("", { ...foreign, ...silent }),
    isTold: true,
    share: 0.97,
    refused: 0.007,
  },
  {
    name: "L2 30 % foreign, bucket 10 s, no headers",
    world: tokensBind("", { ...foreign, ...tenSeconds, ...silent }),
    isTold: true,
    share: 0.97,
    refused: 0.007,
  },
  {
    name: "L4 configured 10 times too high, no headers",
    world: {
      ...tenTimes,
      options: { ...tenTimes.options, ...silent },
      known: { ...tenTimes.known, limits: { requestsPerMinute: 20_000 } },
    },
    isTold: true,
    share: 0.99,
    refused: 0.001,
    refusedAtFirst: 0.2,
  },
  { name: "L5 lumps of 20 % of a window", world: lumps, isTold: true, share: 0.995, refused: 0.001 },
  { name: "L5 the same, headers only", world: lumps, isTold: false, share: 0.995, refused: 0.001 },
];

/** What is aimed at in the long run, beside what the table of servers shows. */
export const steadyTargets: readonly TargetGroup[] = aims.map((aim) => ({
  name: aim.name,
  measure: async (options) => [judged(aim, await steadyRun(sluice(aim.isTold), aim.world, options))],
}));

const judged = (aim: SteadyAim, result: SteadyResult): TargetResult => {
  const { name, share, refused, refusedAtFirst = 1 } = aim;
  const first =
    refusedAtFirst < 1 ? [`first minute <= ${percent(refusedAtFirst, 0)}`, percent(result.refusedAtFirst)] : [];
  return {
    name,
    aim: [`>= ${percent(share, 1)}`, `429s < ${percent(refused, 1)}`, ...first.slice(0, 1)].join(", "),
    measured: [percent(result.share), percent(result.refused), ...first.slice(1)].join(", "),
    met: result.share >= share && result.refused < refused && result.refusedAtFirst <= refusedAtFirst,
  };
};
