import { hostname, platform } from "node:os";
import { isProcessAlive, ownProcessId } from "../../client/environment.ts";
import { takeName } from "./abstract-socket.ts";

/** Who holds a lock. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** Whether a process of this host still runs. */
  readonly isAlive: (pid: number) => boolean;
  /** Takes a name that only one process of this host can have, and that its end gives back; absent where there is no such thing. */
  readonly take?: (name: string) => Promise<(() => Promise<void>) | undefined>;
}

/** This process as the owner of locks. */
export const thisProcess = (): LockOwner => ({
  pid: ownProcessId(),
  host: hostname(),
  isAlive: isProcessAlive,
  ...(platform() === "linux" ? { take: takeName } : {}),
});
