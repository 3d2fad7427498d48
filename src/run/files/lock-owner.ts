import { hostname } from "node:os";
import { isProcessAlive, ownProcessId } from "../../client/environment.ts";

/** Who holds a lock. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** Whether a process of this host still runs. */
  readonly isAlive: (pid: number) => boolean;
}

/** This process as the owner of locks. */
export const thisProcess = (): LockOwner => ({ pid: ownProcessId(), host: hostname(), isAlive: isProcessAlive });
