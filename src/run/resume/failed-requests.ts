import { replaceFile } from "../files/durable-file.ts";
import type { Fs } from "../files/fs.ts";
import { readRecordLines } from "../records/record-file.ts";
import { indexIn, readFailure } from "../records/record-line.ts";
import { RunError } from "../run-error.ts";
import type { Line } from "../source/lines.ts";
import { RowIndexBuilder } from "../source/row-index.ts";

/**
 * Copies the last record of each failed row out of an errors file: each is a line of input of its own. Tells for each line
 * of the copy where its row stood in the input, as far as its record says that.
 *
 * @throws RunError when there is none
 */
export const copyFailedRequests = async (
  fs: Fs,
  errors: string,
  to: string,
): Promise<readonly (number | undefined)[]> => {
  const last = await lastLines(fs, errors);
  if (last.size === 0) {
    throw new RunError(`cannot retry: ${errors} has no failed row`, { exitCode: 2 });
  }
  const places: (number | undefined)[] = [];
  await replaceFile(fs, to, requestsIn(fs, errors, last, places));
  return places;
};

async function* requestsIn(
  fs: Fs,
  errors: string,
  last: ReadonlySet<number>,
  places: (number | undefined)[],
): AsyncGenerator<string> {
  for await (const lines of readRecordLines(fs, errors)) {
    const copied = lines.filter(({ number }) => last.has(number));
    places.push(...copied.map(indexIn));
    yield copied.map(({ text }) => `${text}\n`).join("");
  }
}

/** The numbers of the lines that no later one is about the same row of. */
const lastLines = async (fs: Fs, errors: string): Promise<ReadonlySet<number>> => {
  const rows = new RowIndexBuilder();
  const last: number[] = [];
  for await (const lines of readRecordLines(fs, errors)) for (const line of lines) note(line, rows, last);
  return new Set(last);
};

const note = (line: Line, rows: RowIndexBuilder, last: number[]): void => {
  const failure = readFailure(line);
  // What is torn is cut off, and what is foreign refused, when the run itself opens the file.
  if (typeof failure !== "object") return;
  const earlier = rows.addExplicit(failure.customId, line.number);
  last[earlier ?? rows.rows - 1] = line.number;
};
