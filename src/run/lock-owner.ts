import { readlinkSync } from "node:fs";
import { getPriority, hostname } from "node:os";
import { systemCode } from "./run-error.ts";

/** Who holds a lock. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** Whether a process of this host still runs. */
  readonly isAlive: (pid: number) => boolean;
}

/**
 * This process, as far as a library may ask: only the command line touches `process`.
 *
 * Where there is no `/proc` the number is unknown, 0; a lock with that number counts as held until it is removed.
 */
export const thisProcess = (): LockOwner => ({ pid: ownNumber(), host: hostname(), isAlive });

const ownNumber = (): number => {
  try {
    return Number(readlinkSync("/proc/self"));
  } catch {
    return 0;
  }
};

/** Asking for a priority fails for a process that does not exist; any other answer means that it does. */
const isAlive = (pid: number): boolean => {
  try {
    getPriority(pid);
    return true;
  } catch (error) {
    return !isMissing(error);
  }
};

/** Node wraps the system's answer in an error of its own. */
const isMissing = (error: unknown): boolean =>
  systemCode(error) === "ESRCH" || (error instanceof Error && /ESRCH|no such process/iu.test(error.message));
