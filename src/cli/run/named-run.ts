import { nodeFs } from "../../run/files/node-fs.ts";
import { findRun, type FoundRun } from "../../run/earlier/run-handle.ts";
import { knownRuns } from "../../run/status/run-registry.ts";
import type { Host } from "../host.ts";
import { runsPath } from "./limits-path.ts";

/** The run that a command names: by its output, its errors file, its folder, or `last`. @throws RunError */
export const namedRun = (handle: string, host: Pick<Host, "folder" | "environment" | "platform">): Promise<FoundRun> =>
  findRun(handle, { fs: nodeFs, folder: host.folder, recent: () => recentOutputs(host) });

/** The outputs of the runs of this machine, the newest first. */
export const recentOutputs = async (host: Pick<Host, "environment" | "platform">): Promise<readonly string[]> => {
  const path = runsPath(host);
  return path === undefined ? [] : (await knownRuns(nodeFs, path)).map(({ output }) => output);
};
