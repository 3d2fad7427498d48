import { createLLM } from "../../client/create-llm.ts";
import type { LLM } from "../../client/llm.ts";
import { estimateFile } from "../../run/estimate/estimate-file.ts";
import { inputText } from "../../run/source/input-files.ts";
import { systemClock } from "../../time/system-clock.ts";
import { loadConfig } from "../config/config.ts";
import { printableLine } from "../display/printable.ts";
import { estimateJson } from "../estimate/estimate-json.ts";
import { estimateTable } from "../estimate/estimate-table.ts";
import { noKey, withoutKey } from "../estimate/without-key.ts";
import type { Host } from "../host.ts";
import { limitsMemory } from "../run/limits-memory.ts";
import type { ConfigFlags, DisplayFlags, RunFlags } from "../run/run-flags.ts";
import { planRun, type RunPlan } from "../run/run-plan.ts";
import { stdoutStyle } from "../run/stdout-style.ts";
import { stdoutWriter } from "../run/stdout-writer.ts";
import { UsageError } from "../usage-error.ts";

/** `sluice estimate`: what a run would take, without making a call. @throws UsageError */
export const estimate = async (
  input: readonly string[],
  flags: RunFlags & DisplayFlags & ConfigFlags,
  host: Host,
): Promise<number> => {
  if (input.includes("-"))
    throw new UsageError("an estimate needs a file: standard input could not be read again by the run");
  const { arguments: words, stderr } = host;
  const environment = withoutKey(host.environment);
  const config = await loadConfig(flags, { ...host, environment });
  const plan = await planRun({ input, flags, words, environment, config });
  for (const warning of config.warnings) stderr.write(`warning: ${printableLine(warning)}\n`);
  const llm = await clientOf(plan, flags, host);
  try {
    const found = await estimateFile({ ...plan.file, llm });
    if (found.unpriced === "not-sendable") plan.checkModel?.(undefined);
    const style = stdoutStyle(flags, host);
    const text =
      flags.json === true
        ? JSON.stringify({ input: inputText(input), output: plan.output, model: plan.model, ...estimateJson(found) })
        : [
            `${printableLine(inputText(input))}  ${printableLine(plan.model)}`,
            ...estimateTable(found, llm.stats().limits, style),
          ].join("\n");
    await stdoutWriter(host.stdout)(`${text}\n`);
    return 0;
  } finally {
    await llm.close();
  }
};

/** Limits that earlier runs have learned say how long this one takes. */
const clientOf = async ({ client, target }: RunPlan, { forgetLimits = false }: RunFlags, host: Host): Promise<LLM> => {
  const memory =
    target === undefined
      ? undefined
      : await limitsMemory({ account: target.account, forget: forgetLimits, host, clock: systemClock });
  try {
    return createLLM({ apiKey: noKey, ...client, ...(memory === undefined ? {} : { learnedLimits: memory.learned }) });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};
