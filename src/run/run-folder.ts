import { join } from "node:path";
import type { Fs } from "./files/fs.ts";
import { systemCode, unwritable } from "./run-error.ts";

/** What is in the folder of a run. */
export interface RunFolder {
  readonly path: string;
  readonly lock: string;
  readonly journal: string;
  readonly manifest: string;
  readonly ballast: string;
  readonly spool: string;
}

/** Where the things of a run's folder are. */
export const runFolder = (path: string): RunFolder => ({
  path,
  lock: join(path, "lock"),
  journal: join(path, "journal"),
  manifest: join(path, "manifest.json"),
  ballast: join(path, "ballast"),
  spool: join(path, "stdin.spool"),
});

/** Makes the folder where there is none. @throws RunError */
export const makeRunFolder = async (fs: Fs, path: string): Promise<void> => {
  try {
    await fs.makeFolder(path);
  } catch (error) {
    if (systemCode(error) === "EEXIST") return;
    throw unwritable(path, error, "the lock and the journal of the run are kept there; choose another output with -o");
  }
};

/** A run that never began leaves nothing behind. */
export const leaveRunFolder = async (fs: Fs, { path, spool }: RunFolder): Promise<void> => {
  await fs.remove(spool);
  try {
    await fs.removeFolder(path);
  } catch {
    // It has something in it, which is the usual case.
  }
};
