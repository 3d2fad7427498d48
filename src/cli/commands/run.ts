import { systemClock } from "../../time/system-clock.ts";
import { type Config, loadConfig } from "../config/config.ts";
import { settingAt } from "../config/setting.ts";
import type { Host } from "../host.ts";
import { askingFlags } from "../run/asking-flags.ts";
import { executeRun } from "../run/execute-run.ts";
import { limitsMemory } from "../run/limits-memory.ts";
import type { ConfigFlags, DisplayFlags, RunFlags } from "../run/run-flags.ts";
import { planRun, type RunPlan } from "../run/run-plan.ts";
import { screenOf } from "../run/screen.ts";

/** `sluice run`: answers every row of a file. @throws UsageError */
export const run = async (
  input: string | readonly string[],
  flags: RunFlags & DisplayFlags & ConfigFlags,
  host: Host,
): Promise<number> => {
  const { environment, arguments: words, folder } = host;
  const config = await loadConfig(flags, host);
  return runPlanned(await planRun({ input, flags, words, folder, environment, config }), config, flags, host);
};

/** Makes a run that has been planned, and shows it. @throws UsageError */
export const runPlanned = async (
  plan: RunPlan,
  config: Config,
  flags: RunFlags & DisplayFlags,
  host: Host,
): Promise<number> => {
  const screen = screenOf({ ...flags, ...shownAs(config, flags) }, plan.output === "-", host);
  for (const warning of config.warnings) host.stderr.write(`warning: ${warning}\n`);
  return executeRun({ ...plan, asking: askingFlags(flags), ...(await memoryOf(plan, flags, host)) }, screen, host);
};

/** A way that the configuration wants is no contradiction to `--json`. */
const shownAs = ({ settings }: Config, { json = false }: DisplayFlags): Pick<DisplayFlags, "progress"> => {
  const progress = settingAt(settings, ["progress"]);
  return progress === undefined || (json && progress.origin !== "flag --progress") ? {} : { progress: progress.text };
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
