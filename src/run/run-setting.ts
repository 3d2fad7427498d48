import type { WorkSoFar } from "../observe/work-done.ts";
import type { Clock } from "../time/clock.ts";
import type { Fs } from "./files/fs.ts";
import type { RunControl } from "./run-control.ts";
import type { RunFileOptions } from "./run-options.ts";

/** A run as it was asked for, with what its parts share. */
export interface RunSetting {
  readonly options: RunFileOptions;
  /** A path, or `-`. */
  readonly output: string;
  readonly clock: Clock;
  readonly fs: Fs;
  readonly control: RunControl;
  /** By the clock's monotonic time. */
  readonly startedAt: number;
  /** Milliseconds since 1970. */
  readonly startedAtWall: number;
  /** What the client had done before this run. */
  readonly workBefore: WorkSoFar;
}
