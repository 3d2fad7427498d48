import { failedRows } from "../errors/failed-rows.ts";
import type { Fs } from "../files/fs.ts";
import type { OutputPaths } from "../paths.ts";
import { readRecordLines } from "../records/record-file.ts";
import { readRecord } from "../records/record-line.ts";

/** How many rows the files of a run speak of. */
export interface RecordCounts {
  readonly succeeded: number;
  readonly failed: number;
}

/** Counts what is recorded, for runs that do not say it themselves. @throws InputError when a file cannot be read */
export const countRecords = async (fs: Fs, paths: OutputPaths): Promise<RecordCounts> => {
  let succeeded = 0;
  let failed = 0;
  if ((await fs.stat(paths.truth)) !== undefined) {
    for await (const lines of readRecordLines(fs, paths.truth)) succeeded += lines.filter(isAnswer).length;
  }
  for await (const rows of failedRows({ fs, paths, tidy: false })) failed += rows.length;
  return { succeeded, failed };
};

const isAnswer = (line: Parameters<typeof readRecord>[0]): boolean => {
  const record = readRecord(line);
  return typeof record === "object" && record.ok;
};
