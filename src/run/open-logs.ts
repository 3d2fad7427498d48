import { type Ballast, keepBallast } from "./files/ballast.ts";
import { lazyLogFile, openLogFile } from "./files/open-log-file.ts";
import { RecordLog } from "./files/record-log.ts";
import { type Journal, openJournal } from "./journal/journal.ts";
import type { RunControl } from "./run-control.ts";
import { systemCode, unwritable } from "./run-error.ts";
import type { RunSetting } from "./run-setting.ts";

/** The files that a run appends to. */
export interface RunLogs {
  /** The truth. */
  readonly output: RecordLog;
  readonly errors: RecordLog;
  readonly journal: Journal;
  /** Writes what waits, makes it durable, and closes the files. */
  readonly close: () => Promise<void>;
}

/** Where the logs are, and what they begin with. */
export interface LogPlaces {
  readonly truth: string;
  /** The length of the truth. */
  readonly truthBytes: number;
  readonly errors: string;
  readonly journal: string;
  readonly ballast: string;
  /** How much room is kept for when the disk is full. */
  readonly ballastBytes: number;
}

/** What is shown when a log can no longer be written. */
const next =
  "next  make room or repair the cause, then run the same command again: it continues where this run stopped";

/** Answers that nobody will find are not to be paid for. */
const gone = "it was removed or replaced while the run was writing to it";

/** Opens what a run appends to. @throws RunError */
export const openLogs = async ({ control, clock, fs }: RunSetting, places: LogPlaces): Promise<RunLogs> => {
  const logs: RecordLog[] = [];
  const failing =
    (path: string, how?: "soft") =>
    (error: unknown): void => {
      if (systemCode(error) === "EIO") for (const log of logs) log.syncNoMore();
      control.fail(unwritable(path, error, next), how);
    };
  const ballast = await keepBallast(fs, places.ballast, places.ballastBytes);
  const full = fullDisk(control, ballast);
  const closing: (() => Promise<unknown>)[] = [() => ballast.release()];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    // An answer may still be written when the journal cannot be: let what is in flight finish.
    const onJournalFailure = failing(places.journal, "soft");
    const journal = await opened(places.journal, () => openJournal(fs, places.journal, onJournalFailure));
    closing.push(() => journal.close());
    const handle = await opened(places.truth, () => openLogFile(fs, places.truth));
    const identity = (await fs.stat(places.truth))?.identity;
    const output = new RecordLog({
      handle,
      clock,
      offset: places.truthBytes,
      onFailure: failing(places.truth),
      onFull: full(places.truth),
      onSynced: async (durable) => {
        await journal.synced(durable);
        if ((await fs.stat(places.truth))?.identity !== identity) failing(places.truth)(new Error(gone));
      },
    });
    closing.push(() => output.close());
    const errors = new RecordLog({
      handle: lazyLogFile(fs, places.errors),
      clock,
      onFailure: failing(places.errors),
      onFull: full(places.errors),
    });
    closing.push(() => errors.close());
    logs.push(output, errors);
    return { output, errors, journal, close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** A full disk ends the sending; what is in flight is paid for and gets the room that was kept for it. */
const fullDisk =
  (control: RunControl, ballast: Ballast) =>
  (path: string) =>
  async (error: unknown): Promise<boolean> => {
    if (!fullCodes.has(systemCode(error))) return false;
    control.fail(unwritable(path, error, next), "soft");
    return ballast.release();
  };

const fullCodes: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT"]);

const opened = async <T>(path: string, open: () => Promise<T>): Promise<T> => {
  try {
    return await open();
  } catch (error) {
    throw unwritable(path, error, "choose another output with -o");
  }
};
