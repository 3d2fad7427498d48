import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { askedIn } from "../../run/resume/asked.ts";
import { mask } from "../../run/resume/masked-words.ts";
import type { RetryOf } from "../../run/resume/retry-of.ts";
import type { Manifest } from "../../run/resume/manifest.ts";
import { loadConfig } from "../config/config.ts";
import { printableLine } from "../display/printable.ts";
import type { Host } from "../host.ts";
import { countCodes, nothingChosen, parseCodes } from "../retry/failed-codes.ts";
import { checkUnmasked, mergedFlags, rememberedFlags, withoutInput } from "../retry/retry-flags.ts";
import { type EarlierRun, runOf } from "../retry/run-of.ts";
import type { AllFlags } from "../retry/typed-words.ts";
import { planRun, type RunPlan } from "../run/run-plan.ts";
import { shellCommand } from "../run/shell-command.ts";
import { UsageError } from "../usage-error.ts";
import { runPlanned } from "./run.ts";

/** The flags of `sluice retry` that were typed: its own, and any of the run's. */
export interface RetryFlags extends AllFlags {
  readonly code?: readonly string[];
  readonly all?: boolean;
}

/** `sluice retry`: runs failed rows of a run again. @throws UsageError */
export const retry = async (
  handle: string,
  { code, all = false, ...given }: RetryFlags,
  host: Host,
): Promise<number> => {
  checkGiven(given, code, all);
  const codes = code === undefined ? undefined : parseCodes(code);
  const run = await runOf(handle, host.folder);
  const shown = shownPath(run.paths.output, host.folder);
  const counts = await countCodes(run.paths.errors);
  if (counts.size === 0) {
    host.stderr.write(`no row of ${printableLine(shown)} has failed: there is nothing to retry\n`);
    return 0;
  }
  const hint = nothingChosen(counts, codes, all, shellCommand([shown]));
  if (hint !== undefined) host.stderr.write(`${printableLine(hint)}\n`);
  const flags = flagsOf(run, given, shown);
  const place = placeOf(run.manifest, host);
  const config = await loadConfig(flags, place);
  const plan = await planRetry(run, flags, shown, host, config);
  const policy =
    codes === undefined ? { retryErrors: all ? ("all" as const) : ("retryable" as const) } : { retryCodes: codes };
  return runPlanned({ ...plan, file: { ...plan.file, ...policy } }, config, flags, host);
};

/** Flags that say what a retry says itself, or that would make another run of it. */
const checkGiven = (given: AllFlags, code: readonly string[] | undefined, all: boolean): void => {
  if (code !== undefined && all) throw new UsageError("--code and --all contradict each other");
  if (given.output !== undefined) throw new UsageError("a retry writes to the output of its run: -o cannot be given");
  if (given.fresh === true) throw new UsageError("a retry goes on with a run: --fresh cannot be given");
  if (given.retryErrors !== undefined) {
    throw new UsageError("--retry-errors is for sluice run", ["next       --all, or --code <code>"]);
  }
};

/** The input of a run, where all of it is still there, and all that the ids of its rows were made from. */
const inputOf = ({ manifest }: EarlierRun): readonly string[] | undefined => {
  if (manifest === undefined || manifest.words === null || manifest.cwd === null) return undefined;
  const { inputs, cwd, params, masked } = manifest;
  if (masked && JSON.stringify(params).includes(mask)) return undefined;
  const paths = inputs.map((input) => resolve(cwd, input));
  return inputs.length > 0 && !inputs.includes("-") && paths.every((path) => existsSync(path)) ? paths : undefined;
};

const flagsOf = (run: EarlierRun, given: AllFlags, shown: string): AllFlags => {
  const remembered = rememberedFlags(run.manifest);
  const hasInput = inputOf(run) !== undefined;
  const kept = hasInput ? remembered : withoutInput(remembered);
  if (run.manifest?.masked === true) checkUnmasked(kept, given, shown);
  const template = given.prompt === undefined ? given.system && "-s" : "-p";
  if (hasInput || template === undefined) return mergedFlags(kept, given);
  throw new UsageError(
    `${template} cannot be given: the input of ${shown} is gone, and only the requests themselves are left`,
  );
};

/** The configuration of a run is that of the folder where it was started. */
const placeOf = (manifest: Manifest | undefined, host: Host): Host =>
  manifest?.cwd === null || manifest === undefined || !existsSync(manifest.cwd)
    ? host
    : { ...host, folder: manifest.cwd };

const planRetry = async (
  run: EarlierRun,
  flags: AllFlags,
  shown: string,
  host: Host,
  config: Awaited<ReturnType<typeof loadConfig>>,
): Promise<RunPlan> => {
  const { manifest, paths } = run;
  const [input] = inputOf(run) ?? [];
  const { environment } = host;
  const plan = await planRun({
    input: input === undefined ? paths.errors : shownPath(input, host.folder),
    flags: { ...flags, output: shown },
    words: manifest?.words ?? [],
    environment,
    config,
  });
  const retryOf: RetryOf =
    input === undefined || manifest === undefined ? { rows: "errors" } : { rows: "input", asked: askedIn(manifest) };
  const { command: _, ...rest } = plan;
  const command = commandOf(manifest, host.folder);
  return {
    ...rest,
    file: { ...plan.file, retryOf, ...(input === undefined ? { order: "completion" } : {}) },
    ...(command === undefined ? {} : { command }),
  };
};

/** The command of the run itself, which goes on with rows that were never sent, too. */
const commandOf = (manifest: Manifest | undefined, folder: string): string | undefined => {
  if (manifest === undefined || manifest.words === null || manifest.masked) return undefined;
  const { words, cwd, inputs } = manifest;
  if (inputs.includes("-")) return undefined;
  const command = shellCommand(["sluice", ...words.filter((word) => word !== "--fresh")]);
  return cwd === null || cwd === folder ? command : `${shellCommand(["cd", cwd])} && ${command}`;
};

/** As one would type it. */
const shownPath = (path: string, folder: string): string => {
  const way = relative(folder, path);
  return way.length < path.length ? way : path;
};
