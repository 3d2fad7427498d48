import type { Host } from "../host.ts";
import { screenOf } from "../run/screen.ts";
import { executeRun } from "../run/execute-run.ts";
import type { DisplayFlags, RunFlags } from "../run/run-flags.ts";
import { planRun } from "../run/run-plan.ts";

/** `sluice run`: answers every row of a file. @throws UsageError */
export const run = async (input: string, flags: RunFlags & DisplayFlags, host: Host): Promise<number> => {
  const { environment, arguments: words } = host;
  const plan = await planRun({ input, flags, words, environment });
  return executeRun(plan, screenOf(flags, plan.output === "-", host), host);
};
