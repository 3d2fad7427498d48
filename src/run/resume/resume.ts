import type { CallErrorCode } from "../../call/call-error.ts";
import { Bitmap } from "../journal/bitmap.ts";
import { readJournal } from "../journal/journal.ts";
import type { OutputPaths } from "../paths.ts";
import { readRecords, repairRecords } from "../records/record-file.ts";
import { readFailure, readRecord } from "../records/record-line.ts";
import { isRetried, type RetryErrors } from "./retry-errors.ts";
import { unwritable } from "../run-error.ts";
import type { RowIndex } from "../source/row-index.ts";

/** What is known of the rows: one bit each, so that a million of them cost next to nothing. */
export interface Progress {
  /** Rows that have been answered. */
  readonly done: Bitmap;
  /** Rows whose last outcome is a failure. */
  readonly failed: Bitmap;
  /** Failed rows that are not sent again. */
  readonly left: Bitmap;
  /** Rows that are sent again although an earlier run may have been charged for them. */
  readonly possiblyPaidTwice: number;
  /** Records of rows that are not in the input. */
  readonly strangers: number;
}

/** How earlier outcomes are read. */
export interface ResumeOptions {
  readonly paths: OutputPaths;
  readonly journal: string;
  readonly index: RowIndex;
  readonly retryErrors: RetryErrors;
  readonly retryCodes?: readonly CallErrorCode[] | undefined;
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
}

/** Nothing has been done yet. */
export const noProgress = (rows: number): Progress => ({
  done: new Bitmap(rows),
  failed: new Bitmap(rows),
  left: new Bitmap(rows),
  possiblyPaidTwice: 0,
  strangers: 0,
});

/** Reads what earlier runs of the same output have done, and repairs what they left torn. @throws RunError */
export const readProgress = async (options: ResumeOptions): Promise<Progress> => {
  const { paths, journal, index, retryErrors, retryCodes, signal, warn } = options;
  const { done, failed, left } = noProgress(index.rows);
  let strangers = 0;
  await repairRecords(paths.output, warn);
  await repairRecords(paths.errors, warn);
  const readOutput = ({ customId, ok }: { customId: string; ok: boolean }): void => {
    const row = index.find(customId);
    if (row === undefined) strangers += 1;
    else if (ok) done.add(row);
  };
  await readRecords(paths.output, readRecord, readOutput, signal);
  await readRecords(
    paths.errors,
    readFailure,
    ({ customId, code }) => {
      const row = index.find(customId);
      if (row === undefined || done.has(row)) return;
      failed.add(row);
      if (isRetried(code, retryErrors, retryCodes)) left.delete(row);
      else left.add(row);
    },
    signal,
  );
  const unsettled = await settle(journal, index, done);
  return { done, failed, left, possiblyPaidTwice: countSentAgain(unsettled, left, index.rows), strangers };
};

const settle = async (journal: string, index: RowIndex, done: Bitmap): Promise<Bitmap> => {
  try {
    return await readJournal(journal, index, done);
  } catch (error) {
    throw unwritable(journal, error, "the run folder must be writable");
  }
};

const countSentAgain = (unsettled: Bitmap, left: Bitmap, rows: number): number => {
  if (unsettled.count === 0) return 0;
  let count = 0;
  for (let row = 0; row < rows; row++) if (unsettled.has(row) && !left.has(row)) count += 1;
  return count;
};
