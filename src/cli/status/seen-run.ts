import { thisProcess } from "../../run/files/lock-owner.ts";
import { nodeFs } from "../../run/files/node-fs.ts";
import { type OutputPaths, pathsOf } from "../../run/paths.ts";
import { countRecords, type RecordCounts } from "../../run/status/count-records.ts";
import { lookAtRun, type RunLook } from "../../run/status/look-at-run.ts";
import { systemClock } from "../../time/system-clock.ts";

/** A run as it is seen now. */
export interface SeenRun extends RunLook {
  readonly paths: OutputPaths;
  /** What its files hold, where it does not say itself. */
  readonly counts?: RecordCounts;
}

/** Looks at the run of an output. */
export const seenRun = async (paths: OutputPaths): Promise<SeenRun> => ({
  paths,
  ...(await lookAtRun(paths, { fs: nodeFs, owner: thisProcess(), now: systemClock.wallNow() })),
});

/** The same with what its files hold, where it has never said anything. @throws InputError */
export const counted = async (run: SeenRun): Promise<SeenRun> =>
  run.state === "unknown" ? { ...run, counts: await countRecords(nodeFs, run.paths) } : run;

/** The runs of those outputs that are still there, the live ones first. */
export const seenRuns = async (outputs: readonly string[]): Promise<readonly SeenRun[]> => {
  const runs = await Promise.all(
    outputs.map(async (output) => {
      const paths = pathsOf(output);
      return (await nodeFs.stat(paths.folder).catch(() => undefined)) === undefined ? undefined : seenRun(paths);
    }),
  );
  return runs.filter((run) => run !== undefined).toSorted((one, other) => Number(isLive(other)) - Number(isLive(one)));
};

/** Whether there is more to come. */
export const isLive = ({ state }: SeenRun): boolean => state === "running" || state === "reading";
