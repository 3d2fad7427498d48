import type { RecordLog } from "./files/record-log.ts";
import type { FailedRow } from "./records/error-groups.ts";
import { invalidMessage, invalidRecord } from "./records/invalid-record.ts";
import type { RecordContext } from "./records/record-meta.ts";
import type { Progress } from "./resume/resume.ts";
import type { RowIndex } from "./source/row-index.ts";
import type { InvalidRow } from "./source/read-rows.ts";

/** Leaves the rows that cannot be sent out of what is to be sent, whatever was recorded of them, and says how many there are. */
export const leaveInvalid = (index: RowIndex, { left }: Progress, warn: (message: string) => void): void => {
  if (index.invalid === 0) return;
  for (let row = 0; row < index.rows; row++) if (index.isInvalid(row)) left.add(row);
  const are =
    index.invalid === 1
      ? "1 row cannot be sent and is"
      : `${index.invalid.toLocaleString("en")} rows cannot be sent and are`;
  warn(`${are} recorded as failed; put right in the input, it is a new row`);
};

/** Where the failures of rows go that cannot be sent. */
export interface InvalidRowsOptions {
  readonly log: RecordLog;
  readonly context: RecordContext;
  readonly progress: Progress;
  /** Whether answers stand in the same log. @default 'apart' */
  readonly where?: "apart" | "inline";
  readonly onFailure?: (row: FailedRow) => void;
}

/** Records the rows that cannot be sent as failed, unless an earlier run has. */
export const recordInvalid = async (rows: AsyncIterable<InvalidRow>, options: InvalidRowsOptions): Promise<void> => {
  const { log, context, progress, where = "apart", onFailure } = options;
  for await (const row of rows) {
    if (progress.failed.has(row.index)) continue;
    log.append(invalidRecord(row, context, where), () => {
      progress.failed.add(row.index);
      onFailure?.({ id: row.id, code: "invalid_request", message: invalidMessage(row), retryable: false });
    });
    const ready = log.ready();
    if (ready !== undefined) await ready;
  }
};
