import { CallError } from "../../call/call-error.ts";
import { createLLM } from "../../client/create-llm.ts";
import type { LLM } from "../../client/llm.ts";
import { systemClock } from "../../time/system-clock.ts";
import { lookWords } from "../display/look-words.ts";
import { wantsChinese } from "../display/terminal-style.ts";
import type { Host } from "../host.ts";
import { type LimitOrigins, limitOrigins } from "../limits/limit-origin.ts";
import { type LimitRow, limitRows } from "../limits/limit-rows.ts";
import { limitTable } from "../limits/limit-table.ts";
import { CallFailure } from "../run/call-failure.ts";
import { readLimits } from "../run/limits-file.ts";
import { type LimitsMemory, limitsMemory } from "../run/limits-memory.ts";
import { limitsPath } from "../run/limits-path.ts";
import type { ConfigFlags, DisplayFlags, RunFlags } from "../run/run-flags.ts";
import { settledOn } from "../run/settled.ts";
import { modelTarget } from "../run/live-target.ts";
import { placesOf, type RunTarget } from "../run/run-target.ts";
import { stdoutStyle } from "../run/stdout-style.ts";
import { stdoutWriter } from "../run/stdout-writer.ts";
import { stopAtOnce } from "../run/stop-at-once.ts";
import { signalExitCode } from "../run/stop-signals.ts";
import { UsageError } from "../usage-error.ts";

/** The flags of `sluice limits`, as they were typed. */
export interface LimitsFlags extends Pick<
  RunFlags,
  "baseUrl" | "concurrency" | "rpm" | "tpm" | "itpm" | "otpm" | "rpd" | "tpd"
> {
  readonly probe?: boolean;
}

/** `sluice limits`: what limits a model, and who says so. @throws UsageError, CallFailure */
export const limits = async (
  named: string | undefined,
  flags: LimitsFlags & DisplayFlags & ConfigFlags,
  host: Host,
): Promise<number> => {
  const { config, configured, targets } = await settledOn(
    named === undefined ? flags : { ...flags, model: named },
    host,
  );
  const { model } = configured;
  if (model === undefined) throw noModel();
  const target = modelTarget(model, targets, host.environment);
  const serving = new Set(placesOf(model, targets, host.environment).map(({ provider }) => provider));
  const originOf = limitOrigins(config.settings, [...serving]);
  const memory = await limitsMemory({ account: target.account, host, clock: systemClock });
  // What a probe says must be the model's own: no other answers in its place.
  const { fallbacks: _, ...client } = configured;
  const llm = createLLM({
    ...client,
    retry: 0,
    ...(memory === undefined ? {} : { learnedLimits: memory.learned }),
  });
  try {
    const stopped =
      flags.probe === true ? await probe(llm, { model, flags, target, host, memory, originOf }) : undefined;
    if (stopped !== undefined) return stopped;
    await show({ model, flags, target, host, memory, originOf }, llm);
    return 0;
  } finally {
    await llm.close();
  }
};

const noModel = (): UsageError =>
  new UsageError("no model was named", [
    "fix        sluice limits openai/gpt-5-mini   or   export SLUICE_MODEL=openai/gpt-5-mini",
  ]);

interface Looked {
  readonly model: string;
  readonly flags: LimitsFlags & DisplayFlags;
  readonly target: RunTarget;
  readonly host: Host;
  readonly memory: LimitsMemory | undefined;
  readonly originOf: LimitOrigins;
}

/** The smallest call that there is; the exit code when a signal came first. What the provider says with it is kept for later runs. */
const probe = async (llm: LLM, { model, flags, target, host, memory }: Looked): Promise<number | undefined> => {
  const stop = stopAtOnce(host, () => systemClock.now(), signalExitCode);
  try {
    const [result] = await llm.batch([{ prompt: "hi", maxOutputTokens: 1, signal: stop.signal }]);
    if (result?.ok === false && !isAboutLength(result.error)) throw result.error;
    return undefined;
  } catch (error) {
    if (stop.received !== undefined) return signalExitCode(stop.received);
    if (error instanceof CallError) throw new CallFailure(error, { target, model, baseURL: flags.baseUrl });
    throw error;
  } finally {
    stop[Symbol.dispose]();
    memory?.note(llm);
    await memory?.written();
  }
};

/** A refusal for a quota says more about it than an answer does. */
const isAboutLength = ({ code }: CallError): boolean => code === "throttled";

const show = async ({ flags, target, host, memory, originOf }: Looked, llm: LLM): Promise<void> => {
  const rows = limitRows(llm.stats().limits, memory?.learned ?? {}, originOf);
  const rememberedMs = await ageOf(target, host);
  const write = stdoutWriter(host.stdout);
  if (flags.json === true) {
    await write(
      `${JSON.stringify({ provider: target.provider, limits: rows.map((row) => rowJson(row, rememberedMs)) }, null, 2)}\n`,
    );
    return;
  }
  const words = lookWords(wantsChinese(host.environment));
  const table = limitTable(rows, rememberedMs, stdoutStyle(flags, host), words);
  await write(table.map((line) => `${line}\n`).join(""));
  if (flags.probe !== true && rows.some(({ value }) => value === undefined)) host.stderr.write(`${words.probeHint}\n`);
};

const ageOf = async ({ account }: RunTarget, host: Host): Promise<number | undefined> => {
  const path = limitsPath(host);
  const now = systemClock.wallNow();
  const known = path === undefined ? undefined : (await readLimits(path, now))[account];
  return known === undefined ? undefined : Math.max(0, now - known.at);
};

const rowJson = (
  { name, value, source, origin, used, binding }: LimitRow,
  rememberedMs: number | undefined,
): object => ({
  name,
  value: value ?? null,
  source,
  ...(origin === undefined ? {} : { origin }),
  ...(source === "remembered" && rememberedMs !== undefined ? { remembered_ms: Math.round(rememberedMs) } : {}),
  used,
  binding,
});
