import type { CallErrorCode } from "../../call/call-error.ts";
import type { Fs } from "../files/fs.ts";
import { Bitmap } from "../journal/bitmap.ts";
import { Payments } from "../journal/payments.ts";
import { recover } from "../journal/recover.ts";
import type { OutputPaths } from "../paths.ts";
import { readFailures } from "../records/read-failures.ts";
import { repairRecords } from "../records/record-file.ts";
import { recordKind } from "../records/record-line.ts";
import type { RowIndex } from "../source/row-index.ts";
import { isRetried, type RetryErrors } from "./retry-errors.ts";

/** What is known of the rows: one bit each, so that a million of them cost next to nothing. */
export interface Progress {
  /** Rows that have been answered. */
  readonly done: Bitmap;
  /** Rows whose last outcome is a failure. */
  readonly failed: Bitmap;
  /** Failed rows that are not sent again. */
  readonly left: Bitmap;
  /** What may have been charged, and for what there is no answer. */
  readonly payments: Payments;
  /** Rows that were on their way when the last process ended, and are sent again. */
  readonly interrupted: number;
  /** Records of rows that are not in the input. */
  readonly strangers: number;
  /** The length of the truth. */
  readonly truthBytes: number;
}

/** How earlier outcomes are read. */
export interface ResumeOptions {
  readonly fs: Fs;
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
  payments: new Payments(rows),
  interrupted: 0,
  strangers: 0,
  truthBytes: 0,
});

/** Reads what earlier runs of the same output have done, and repairs what they left torn. @throws RunError */
export const readProgress = async (options: ResumeOptions): Promise<Progress> => {
  const { fs, paths, journal, index, retryErrors, retryCodes, signal, warn } = options;
  const recovered = await recover({ fs, truth: paths.truth, journal, index, signal, warn });
  const { done } = recovered;
  const { failed, left } = noProgress(index.rows);
  await repairRecords(fs, paths.errors, warn, recovered.resumed ? "ours" : recordKind);
  const onDamaged = (lines: number): void =>
    warn(
      `a crash has damaged ${lines} line${lines === 1 ? "" : "s"} of ${paths.errors}; what failed there is sent again`,
    );
  const file = { fs, path: paths.errors, signal, isOurs: recovered.resumed, onDamaged };
  await readFailures(file, ({ customId, code }) => {
    const row = index.find(customId);
    if (row === undefined || done.has(row)) return;
    failed.add(row);
    if (isRetried(code, retryErrors, retryCodes)) left.delete(row);
    else left.add(row);
  });
  const { payments, inFlight, strangers, truthBytes } = recovered;
  return { done, failed, left, payments, interrupted: inFlight, strangers, truthBytes };
};
