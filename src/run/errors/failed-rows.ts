import type { Fs } from "../files/fs.ts";
import type { OutputPaths } from "../paths.ts";
import { readRecordLines } from "../records/record-file.ts";
import { readFailureDetails, readRecord } from "../records/record-line.ts";
import { isRetried } from "../resume/retry-errors.ts";
import { RowIndexBuilder } from "../source/row-index.ts";
import type { FailedRow } from "./error-causes.ts";

/** Which failures are read. */
export interface FailedRowsOptions {
  readonly fs: Fs;
  readonly paths: OutputPaths;
  /** Whether the errors file has been put in order: one line for each failed row, and none that has been answered. */
  readonly tidy: boolean;
  /** Told of each line that is no record: of a run that goes on, the last one may be torn. */
  readonly onUnreadable?: (line: number) => void;
}

/**
 * Reads the last failure of each row that has no answer, in batches; memory holds thirty bytes of each.
 *
 * @throws InputError when a file cannot be read
 */
export async function* failedRows(options: FailedRowsOptions): AsyncGenerator<readonly FailedRow[]> {
  const { fs, paths, tidy, onUnreadable = () => {} } = options;
  if ((await fs.stat(paths.errors)) === undefined) return;
  const standing = tidy ? undefined : await lastFailures(options);
  for await (const lines of readRecordLines(fs, paths.errors)) {
    const rows: FailedRow[] = [];
    for (const line of lines) {
      const failure = readFailureDetails(line);
      if (typeof failure === "object") {
        const { customId: id, ...rest } = failure;
        if (standing?.has(id, line.number) ?? true) rows.push({ id, ...rest, retryable: isRetried(rest.code) });
      } else if (!line.isBlank) onUnreadable(line.number);
    }
    yield rows;
  }
}

/** Which line of the errors file counts for a row. */
interface Standing {
  has(id: string, line: number): boolean;
}

/** While a run goes on, and after it was killed, there are failures of rows that were sent again and answered. */
const lastFailures = async ({ fs, paths }: FailedRowsOptions): Promise<Standing> => {
  const index = new RowIndexBuilder();
  const again = new Map<number, number>();
  for await (const lines of readRecordLines(fs, paths.errors)) {
    for (const line of lines) {
      const failure = readFailureDetails(line);
      const known = typeof failure === "object" ? index.addExplicit(failure.customId, line.number) : undefined;
      if (known !== undefined) again.set(known, line.number);
    }
  }
  const answered = await answeredOf(fs, paths, index);
  return {
    has: (id, line) => {
      const row = index.find(id);
      return row !== undefined && !answered.has(row) && (again.get(row) ?? index.lineOf(row)) === line;
    },
  };
};

const answeredOf = async (fs: Fs, { truth }: OutputPaths, index: RowIndexBuilder): Promise<ReadonlySet<number>> => {
  const answered = new Set<number>();
  if (index.rows === 0 || (await fs.stat(truth)) === undefined) return answered;
  for await (const lines of readRecordLines(fs, truth)) {
    for (const line of lines) {
      const record = readRecord(line);
      const row = typeof record === "object" && record.ok ? index.find(record.customId) : undefined;
      if (row !== undefined) answered.add(row);
    }
  }
  return answered;
};
