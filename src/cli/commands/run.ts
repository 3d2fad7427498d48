import { systemClock } from "../../time/system-clock.ts";
import type { Host } from "../host.ts";
import { executeRun } from "../run/execute-run.ts";
import { limitsMemory } from "../run/limits-memory.ts";
import type { DisplayFlags, RunFlags } from "../run/run-flags.ts";
import { planRun, type RunPlan } from "../run/run-plan.ts";
import { screenOf } from "../run/screen.ts";

/** `sluice run`: answers every row of a file. @throws UsageError */
export const run = async (input: string, flags: RunFlags & DisplayFlags, host: Host): Promise<number> => {
  const { environment, arguments: words } = host;
  const plan = await planRun({ input, flags, words, environment });
  const screen = screenOf(flags, plan.output === "-", host);
  return executeRun({ ...plan, ...(await memoryOf(plan, flags, host)) }, screen, host);
};

/** Limits of rows that say themselves where they go would be those of several accounts. */
const memoryOf = async (
  { target }: RunPlan,
  { forgetLimits = false }: RunFlags,
  host: Host,
): Promise<Pick<RunPlan, "limits">> => {
  if (target === undefined) return {};
  const limits = await limitsMemory({ account: target.account, forget: forgetLimits, host, clock: systemClock });
  return limits === undefined ? {} : { limits };
};
