import type { Fs } from "../files/fs.ts";
import type { LockOwner } from "../files/lock-owner.ts";
import type { OutputPaths } from "../paths.ts";
import { lockHolder, type LockHolder } from "./lock-holder.ts";
import type { RunStatus } from "./run-status.ts";
import { readStatus } from "./status-file.ts";

/** What can be seen of a run from outside. */
export interface RunLook {
  /** `reading`: it has not sent anything yet; `killed`: its process is gone and has not said why; `unknown`: it never said anything. */
  readonly state: "reading" | "running" | "ended" | "killed" | "unknown";
  /** The last that it said; that of the run before while the input is read. */
  readonly status?: RunStatus;
}

/** Who looks. */
export interface LookOptions {
  readonly fs: Fs;
  readonly owner: LockOwner;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Looks at a run without disturbing it. */
export const lookAtRun = async ({ folder }: Pick<OutputPaths, "folder">, options: LookOptions): Promise<RunLook> => {
  const status = await readStatus(options.fs, folder);
  const holder = await lockHolder(options.fs, folder);
  return { state: stateOf(status, holder, options), ...(status === undefined ? {} : { status }) };
};

const stateOf = (
  status: RunStatus | undefined,
  holder: LockHolder | undefined,
  { owner, now }: LookOptions,
): RunLook["state"] => {
  if (holder !== undefined && isAlive(holder, owner)) {
    if (status === undefined || status.pid !== holder.pid || status.host !== holder.host) return "reading";
    if (status.exit_code !== undefined) return "ended";
    if (now - Date.parse(status.updated_at) < silentMs) return "running";
  }
  if (status === undefined) return "unknown";
  return status.exit_code === undefined ? "killed" : "ended";
};

/** Of a process elsewhere nobody here knows; what it says of itself has an age. */
const isAlive = ({ pid, host }: LockHolder, owner: LockOwner): boolean => host !== owner.host || owner.isAlive(pid);

/** A run speaks every two seconds. When it has been silent that long, its number belongs to another process by now. */
const silentMs = 120_000;
