import { shownPath } from "../../run/earlier/run-handle.ts";
import { systemClock } from "../../time/system-clock.ts";
import { LiveBlock } from "../display/live-block.ts";
import { runLookWords } from "../display/run-look-words.ts";
import { wantsChinese } from "../display/terminal-style.ts";
import type { Host } from "../host.ts";
import { namedRun, recentOutputs } from "../run/named-run.ts";
import type { DisplayFlags } from "../run/run-flags.ts";
import { stdoutStyle } from "../run/stdout-style.ts";
import { stdoutWriter } from "../run/stdout-writer.ts";
import { stopAtOnce } from "../run/stop-at-once.ts";
import { signalExitCode } from "../run/stop-signals.ts";
import { counted, isLive, type SeenRun, seenRun, seenRuns } from "../status/seen-run.ts";
import { runsTable } from "../status/runs-table.ts";
import { runLines, type StatusFacts } from "../status/status-lines.ts";
import { sleep } from "../../time/sleep.ts";

/** The flags of `sluice status`, as they were typed. */
export interface StatusFlags {
  readonly watch?: boolean;
}

/** `sluice status`: the runs of this machine, or all about one of them. @throws RunError */
export const status = async (
  handle: string | undefined,
  flags: StatusFlags & DisplayFlags,
  host: Host,
): Promise<number> => {
  const one = handle === undefined ? undefined : (await namedRun(handle, host)).paths;
  const look = async (): Promise<readonly SeenRun[]> =>
    one === undefined ? seenRuns(await recentOutputs(host)) : [await counted(await seenRun(one))];
  const looking = { look, isOne: one !== undefined, flags, host };
  return flags.watch === true ? watch(looking) : showOnce(looking);
};

interface Looking {
  readonly look: () => Promise<readonly SeenRun[]>;
  readonly isOne: boolean;
  readonly flags: StatusFlags & DisplayFlags;
  readonly host: Host;
}

const showOnce = async (looking: Looking): Promise<number> => {
  await stdoutWriter(looking.host.stdout)(
    linesOf(looking, await looking.look())
      .map((line) => `${line}\n`)
      .join(""),
  );
  return 0;
};

const everyMs = 1000;

/** Draws over in a terminal; elsewhere a line for each change. */
const watch = async (looking: Looking): Promise<number> => {
  const { host, flags } = looking;
  const stop = stopAtOnce(host, () => systemClock.now(), signalExitCode);
  const write = stdoutWriter(host.stdout);
  const block = host.stdout.isTTY && flags.json !== true ? new LiveBlock(host.stdout) : undefined;
  let last = "";
  try {
    for (;;) {
      const runs = await looking.look();
      if (!runs.some(isLive)) break;
      const lines = linesOf(looking, runs);
      const text = block === undefined ? plainText(looking, runs) : "";
      if (block !== undefined) block.draw(lines.slice(0, Math.max(1, (host.stdout.rows ?? 24) - 1)));
      else if (text !== last && !(await write(text))) return 0;
      last = text;
      await sleep(systemClock, everyMs, stop.signal);
    }
  } catch (error) {
    if (stop.received === undefined) throw error;
    return signalExitCode(stop.received);
  } finally {
    block?.clear();
    stop[Symbol.dispose]();
  }
  return showOnce(looking);
};

const linesOf = ({ isOne, flags, host }: Looking, runs: readonly SeenRun[]): readonly string[] => {
  if (flags.json === true) {
    const objects = runs.map(runJson);
    if (flags.watch === true) return objects.map((run) => JSON.stringify(run));
    return JSON.stringify(isOne ? objects[0] : objects, null, 2).split("\n");
  }
  const facts = factsOf(flags, host);
  const [run] = runs;
  if (run === undefined) return [facts.words.noRuns];
  return isOne ? runLines(run, facts) : runsTable(runs.slice(0, mostListed), facts);
};

/** The rest is of little interest, and in `--json`. */
const mostListed = 20;

/** What changes with every look, such as how long ago something was, is no reason for another line. */
const plainText = (looking: Looking, runs: readonly SeenRun[]): string => {
  if (looking.flags.json === true)
    return linesOf(looking, runs)
      .map((line) => `${line}\n`)
      .join("");
  const facts = factsOf(looking.flags, looking.host);
  return runs
    .filter(isLive)
    .map((run) => `${runLines({ ...run }, facts)[0] ?? ""}${countsOf(run)}\n`)
    .join("");
};

const countsOf = ({ status: seen }: SeenRun): string =>
  seen === undefined ? "" : `   ${seen.rows - seen.remaining}/${seen.rows} ok=${seen.succeeded} fail=${seen.failed}`;

const factsOf = (flags: DisplayFlags, host: Host): StatusFacts => ({
  style: stdoutStyle(flags, host),
  words: runLookWords(wantsChinese(host.environment)),
  now: systemClock.wallNow(),
  folder: host.folder,
  shown: (path) => shownPath(path, host.folder),
});

const runJson = ({ state, status: said, counts, paths }: SeenRun): object => ({
  state,
  output: paths.output,
  errors_file: paths.errors,
  run_folder: paths.folder,
  ...counts,
  ...(said === undefined ? {} : withoutPaths(said)),
});

const withoutPaths = ({ version: _version, output: _output, ...said }: NonNullable<SeenRun["status"]>): object => said;
