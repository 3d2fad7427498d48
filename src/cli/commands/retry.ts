import { nodeFs } from "../../run/files/node-fs.ts";
import { earlierOptions } from "../../run/earlier/earlier-input.ts";
import { pathsOf } from "../../run/paths.ts";
import { askedIn } from "../../run/resume/asked.ts";
import { mask } from "../../run/resume/masked-words.ts";
import type { RetryOf } from "../../run/resume/retry-of.ts";
import type { Manifest } from "../../run/resume/manifest.ts";
import { type FoundRun, shownPath } from "../../run/earlier/run-handle.ts";
import { type Config, loadConfig } from "../config/config.ts";
import { printableLine } from "../display/printable.ts";
import type { Host } from "../host.ts";
import { countCodes, nothingChosen, parseCodes } from "../retry/failed-codes.ts";
import { checkUnmasked, mergedFlags, rememberedFlags, withoutInput } from "../retry/retry-flags.ts";
import type { AllFlags } from "../retry/typed-words.ts";
import { namedRun } from "../run/named-run.ts";
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
  const run = await namedRun(handle, host);
  const shown = shownPath(run.paths.output, host.folder);
  const counts = await countCodes(run.paths.errors);
  if (counts.size === 0) {
    host.stderr.write(`no row of ${printableLine(shown)} has failed: there is nothing to retry\n`);
    return 0;
  }
  const hint = nothingChosen(counts, codes, all, shellCommand([shown]));
  if (hint !== undefined) host.stderr.write(`${printableLine(hint)}\n`);
  const input = await inputOf(run, host.folder);
  const flags = flagsOf(run, input, given, shown);
  const config = await loadConfig(flags, await placeOf(run.manifest, host));
  const plan = await planRetry({ run, input, flags, host, config });
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

/** The files of a run's input, where all of it is still there, and all that the ids of its rows were made from. */
const inputOf = async ({ manifest }: FoundRun, folder: string): Promise<readonly string[] | undefined> => {
  if (manifest === undefined || manifest.words === null) return undefined;
  if (manifest.masked && JSON.stringify(manifest.params).includes(mask)) return undefined;
  const options = earlierOptions({ fs: nodeFs, manifest, folder });
  if (typeof options === "string") return undefined;
  const found = await Promise.all(options.input.map((path) => nodeFs.stat(path)));
  return found.includes(undefined) ? undefined : options.input;
};

const flagsOf = (run: FoundRun, input: readonly string[] | undefined, given: AllFlags, shown: string): AllFlags => {
  const remembered = rememberedFlags(run.manifest);
  const hasInput = input !== undefined;
  const kept = hasInput ? remembered : withoutInput(remembered);
  if (run.manifest?.masked === true) checkUnmasked(kept, given, shown);
  const template = given.prompt === undefined ? given.system && "-s" : "-p";
  if (hasInput || template === undefined) return mergedFlags(kept, given);
  throw new UsageError(
    `${template} cannot be given: the input of ${shown} is gone, and only the requests themselves are left`,
  );
};

/** The configuration of a run is that of the folder where it was started. */
const placeOf = async (manifest: Manifest | undefined, host: Host): Promise<Host> => {
  const { cwd = null, words = null } = manifest ?? {};
  return cwd === null || words === null || (await nodeFs.stat(cwd)) === undefined ? host : { ...host, folder: cwd };
};

interface Planning {
  readonly run: FoundRun;
  readonly input: readonly string[] | undefined;
  readonly flags: AllFlags;
  readonly host: Host;
  readonly config: Config;
}

const planRetry = async ({ run, input, flags, host, config }: Planning): Promise<RunPlan> => {
  const { manifest, paths } = run;
  const { environment, folder } = host;
  const shown = (path: string): string => shownPath(path, folder);
  const plan = await planRun({
    input: input === undefined ? shown(paths.errors) : input.map(shown),
    flags: { ...flags, output: shown(paths.output) },
    words: manifest?.words ?? [],
    environment,
    config,
  });
  const retryOf: RetryOf =
    input === undefined || manifest === undefined ? { rows: "errors" } : { rows: "input", asked: askedIn(manifest) };
  const { command: _, ...rest } = plan;
  const command = commandOf(manifest, folder);
  const isMade = paths.truth !== paths.output;
  return {
    ...rest,
    file: {
      ...plan.file,
      // What the records stand in the folder for, the output was made of them, whatever the flags of its run were.
      ...(isMade && pathsOf(paths.output).truth === paths.output ? { format: "flat" } : {}),
      ...(input === undefined && !isMade ? { order: "completion" } : {}),
      retryOf,
    },
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
