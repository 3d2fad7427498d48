import { RunError } from "../run-error.ts";
import type { Fs } from "./fs.ts";
import type { LockOwner } from "./lock-owner.ts";
import { kernelName } from "./lock.ts";

/** Files that no other process of this machine writes to while this one has them, whatever names they go by. */
export interface OwnFiles {
  /** Takes a file, if there is one. @throws RunError when another process has it */
  take(path: string): Promise<void>;
  release(): Promise<void>;
}

/** Takes files by what they are: the lock of a run is found by its output's name, of which a link gives it another. */
export const ownFiles = (fs: Fs, { take }: LockOwner): OwnFiles => {
  const held = new Map<string, () => Promise<void>>();
  return {
    take: async (path) => {
      const identity = (await fs.stat(path))?.identity;
      if (take === undefined || identity === undefined || held.has(identity)) return;
      let release: (() => Promise<void>) | undefined;
      try {
        release = await take(kernelName(identity));
      } catch {
        // A sandbox may forbid sockets; the lock by name is left then.
        return;
      }
      if (release === undefined) throw taken(path);
      held.set(identity, release);
    },
    release: async () => {
      for (const release of held.values()) await release();
      held.clear();
    },
  };
};

const taken = (path: string): RunError =>
  new RunError("cannot run: another process is writing to the same output", {
    notes: [
      `file  ${path}, which has another name there`,
      "next  wait until it has ended, or choose another output with -o",
    ],
  });
