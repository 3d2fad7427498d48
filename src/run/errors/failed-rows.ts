import type { Fs } from "../files/fs.ts";
import type { OutputPaths } from "../paths.ts";
import { readRecordLines } from "../records/record-file.ts";
import { type NoRecord, readFailureDetails, readRecord } from "../records/record-line.ts";
import { isRetried } from "../resume/retry-errors.ts";
import type { Line } from "../source/lines.ts";
import { RowIndexBuilder } from "../source/row-index.ts";
import type { FailedRow } from "./error-causes.ts";

/** Which failures are read. */
export interface FailedRowsOptions {
  readonly fs: Fs;
  readonly paths: OutputPaths;
  /** Whether the errors file has been put in order: one line for each failed row, and none that has been answered. */
  readonly tidy: boolean;
  readonly onRow: (row: FailedRow) => void;
}

/**
 * Reads the last failure of each row that has no answer; memory holds thirty bytes of each. Returns how many lines are no
 * records: of a run that goes on, the last one may be torn.
 *
 * @throws InputError when a file cannot be read
 */
export const readFailedRows = async (options: FailedRowsOptions): Promise<number> => {
  const { fs, paths, onRow } = options;
  const standing = options.tidy ? undefined : await lastFailures(options);
  return readEach(fs, paths.errors, readFailureDetails, ({ customId, ...failure }, { number }) => {
    if (standing === undefined || standing.has(customId, number)) {
      onRow({ id: customId, ...failure, retryable: isRetried(failure.code) });
    }
  });
};

/** While a run goes on, and after it was killed, there are failures of rows that were sent again and answered. */
const lastFailures = async ({ fs, paths }: FailedRowsOptions): Promise<{ has(id: string, line: number): boolean }> => {
  const index = new RowIndexBuilder();
  const again = new Map<number, number>();
  await readEach(fs, paths.errors, readFailureDetails, ({ customId }, { number }) => {
    const known = index.addExplicit(customId, number);
    if (known !== undefined) again.set(known, number);
  });
  const answered = new Set<number>();
  if (index.rows > 0) {
    await readEach(fs, paths.truth, readRecord, ({ customId, ok }) => {
      const row = ok ? index.find(customId) : undefined;
      if (row !== undefined) answered.add(row);
    });
  }
  return {
    has: (id, line) => {
      const row = index.find(id);
      return row !== undefined && !answered.has(row) && (again.get(row) ?? index.lineOf(row)) === line;
    },
  };
};

const readEach = async <T extends object>(
  fs: Fs,
  path: string,
  parse: (line: Line) => T | NoRecord,
  visit: (record: T, line: Line) => void,
): Promise<number> => {
  if ((await fs.stat(path)) === undefined) return 0;
  let unreadable = 0;
  for await (const lines of readRecordLines(path)) {
    for (const line of lines) {
      const record = parse(line);
      if (typeof record === "object") visit(record, line);
      else if (!line.isBlank) unreadable += 1;
    }
  }
  return unreadable;
};
