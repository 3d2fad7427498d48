import { sluice } from "../clients/sluice.ts";
import { evenLaw } from "../chat-calls.ts";
import { makespanRun } from "../makespan-run.ts";
import { requestsBind } from "../server-worlds.ts";
import { percent, type TargetGroup } from "./target.ts";

const calls = 20_000;
/** At most so many attempts more than calls, where one in ten fails. */
const mostExtra = 0.112;

/** R1: one answer in ten is a 500. */
export const retryTarget: TargetGroup = {
  name: "R1",
  measure: async ({ seed }) => {
    const world = { ...requestsBind("", {}, 12_000, evenLaw), faults: 0.1 };
    const { lost, attempts } = await makespanRun(sluice(true), { name: "", world, calls }, seed);
    const extra = attempts / calls - 1;
    return [
      {
        name: "R1 10 % of the answers are 500s: calls lost; attempts more than calls",
        aim: `<= 0.01 %; <= ${percent(mostExtra, 1)}`,
        measured: `${percent(lost / calls, 3)}; ${percent(extra, 2)}`,
        met: lost / calls <= 1e-4 && extra <= mostExtra,
      },
    ];
  },
};
