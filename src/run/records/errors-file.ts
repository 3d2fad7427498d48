import type { Bitmap } from "../journal/bitmap.ts";
import { replaceFile } from "../files/durable-file.ts";
import type { Fs } from "../files/fs.ts";
import type { FailedRow } from "./error-groups.ts";
import { readRecordLines } from "./record-file.ts";
import { readFailures } from "./read-failures.ts";
import { readFailure } from "./record-line.ts";
import { isRetried } from "../resume/retry-errors.ts";
import { unwritable } from "../run-error.ts";
import type { RowIndex } from "../source/row-index.ts";

/** What decides which failures stay recorded. */
export interface ErrorsFileOptions {
  readonly fs: Fs;
  readonly path: string;
  readonly index: RowIndex;
  /** Rows that have been answered. */
  readonly done: Bitmap;
  /** Told of every failure that stays and is a row of the input. */
  readonly onFailure: (row: FailedRow) => void;
}

/**
 * Leaves in the errors file the last failure of each row that has no answer, and removes the file when none is left.
 *
 * Only now, with every new outcome on disk, may an older record go. Failures of rows that are not in the input stay.
 */
export const tidyErrorsFile = async (options: ErrorsFileOptions): Promise<void> => {
  const { fs, path } = options;
  if ((await fs.stat(path)) === undefined) return;
  const { lastLine, kept, dropped } = await findLast(options);
  const lines = keptLines(options, lastLine);
  try {
    if (kept === 0) await fs.remove(path);
    else if (dropped > 0) await replaceFile(fs, path, lines);
    else for await (const _ of lines);
  } catch (error) {
    throw unwritable(path, error, "nothing is lost: running the same command again puts it in order");
  }
};

interface LastLines {
  /** For each row, the line of its last failure; 0 when it has none that stays. */
  readonly lastLine: Uint32Array;
  readonly kept: number;
  readonly dropped: number;
}

const findLast = async ({ fs, path, index, done }: ErrorsFileOptions): Promise<LastLines> => {
  const lastLine = new Uint32Array(index.rows);
  let lines = 0;
  let strangers = 0;
  await readFailures({ fs, path, isOurs: true }, ({ customId }, { number }) => {
    const row = index.find(customId);
    if (row === undefined) strangers += 1;
    else if (!done.has(row)) lastLine[row] = number;
  });
  for await (const batch of readRecordLines(fs, path)) lines += batch.length;
  const kept = strangers + lastLine.reduce((count, line) => count + (line === 0 ? 0 : 1), 0);
  return { lastLine, kept, dropped: lines - kept };
};

async function* keptLines(
  { fs, path, index, onFailure }: ErrorsFileOptions,
  lastLine: Uint32Array,
): AsyncGenerator<string> {
  for await (const lines of readRecordLines(fs, path)) {
    for (const line of lines) {
      const failure = readFailure(line);
      if (typeof failure !== "object") continue;
      const { customId, ...rest } = failure;
      const row = index.find(customId);
      if (row !== undefined && lastLine[row] !== line.number) continue;
      if (row !== undefined) onFailure({ id: customId, ...rest, retryable: isRetried(failure.code) });
      yield `${line.text}\n`;
    }
  }
}
