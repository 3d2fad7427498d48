import { openJournal, type Journal } from "./journal/journal.ts";
import { lazyLogFile, openLogFile, RecordLog } from "./files/record-log.ts";
import { unwritable } from "./run-error.ts";
import type { RunSetting } from "./run-setting.ts";

/** The files that a run appends to. */
export interface RunLogs {
  readonly output: RecordLog;
  readonly errors: RecordLog;
  readonly journal: Journal;
  /** Writes what waits, makes it durable, and closes the files. */
  readonly close: () => Promise<void>;
}

/** What is shown when a log can no longer be written. */
const next =
  "next  make room or repair the cause, then run the same command again: it continues where this run stopped";

/** Opens what a run appends to. @throws RunError */
export const openLogs = async (
  { control, clock }: RunSetting,
  paths: { readonly output: string; readonly errors: string; readonly journal: string },
): Promise<RunLogs> => {
  const failing =
    (path: string, how?: "soft") =>
    (error: unknown): void =>
      control.fail(unwritable(path, error, next), how);
  const opened = async <T>(path: string, open: () => T | Promise<T>): Promise<T> => {
    try {
      return await open();
    } catch (error) {
      throw unwritable(path, error, "choose another output with -o");
    }
  };
  // An answer may still be written when the journal cannot be: let what is in flight finish.
  const journal = await opened(paths.journal, () => openJournal(paths.journal, failing(paths.journal, "soft")));
  try {
    const handle = await opened(paths.output, () => openLogFile(paths.output));
    const output = new RecordLog({ handle, clock, onFailure: failing(paths.output) });
    const errors = new RecordLog({ handle: lazyLogFile(paths.errors), clock, onFailure: failing(paths.errors) });
    const close = async (): Promise<void> => {
      await output.close();
      await errors.close();
      journal.close();
    };
    return { output, errors, journal, close };
  } catch (error) {
    journal.close();
    throw error;
  }
};
