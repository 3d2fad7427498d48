import type { JsonObject } from "../../call/json.ts";
import type { Fs } from "../files/fs.ts";
import type { RowPlaces } from "../journal/row-places.ts";
import { RunError } from "../run-error.ts";
import type { Cell } from "./cell.ts";
import { answeredObject, answerOf, failedAnswerOf, type FlatAnswer, noAnswer } from "./flat-answer.ts";
import { FieldKinds, flatTable, type FlatTable } from "./flat-columns.ts";
import { type RecordWindow, recordWindows } from "./record-windows.ts";

/** What flat rows are made of. */
export interface FlatSource {
  readonly fs: Fs;
  readonly answers: RecordFile;
  readonly failures: RecordFile;
  readonly rows: number;
  /** Reads the input's columns again, of all rows in order; absent when the input is gone. */
  readonly columns?: (() => AsyncIterable<readonly JsonObject[]>) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly warn: (message: string) => void;
}

/** A file of records, and where those of the rows stand. */
interface RecordFile {
  readonly path: string;
  readonly places: RowPlaces;
}

/** More columns than this are no table. */
const mostColumns = 1000;

/** Looks through input and answers for the columns. When every answer is a JSON object, its fields are columns. */
export const findTable = async (source: FlatSource): Promise<FlatTable> => {
  const input = new FieldKinds(mostColumns);
  for await (const batch of source.columns?.() ?? []) for (const fields of batch) input.add(fields);
  if (input.leftOut > 0) {
    source.warn(`the rows have more than ${mostColumns} different fields; the others are left out of the output`);
  }
  return flatTable(source.columns && input, await answerFields(source));
};

/** The cells of every row, in the order of the input. */
export async function* flatRows(source: FlatSource, table: FlatTable): AsyncGenerator<readonly (readonly Cell[])[]> {
  const answers = new RecordCursor(source, source.answers);
  const failures = new RecordCursor(source, source.failures);
  let row = 0;
  try {
    for await (const batch of inputColumns(source)) {
      const cells: (readonly Cell[])[] = [];
      for (const input of batch.slice(0, source.rows - row)) {
        cells.push(table.cells({ input, answer: await outcomeOf(row++, answers, failures) }));
      }
      if (cells.length > 0) yield cells;
      if (row >= source.rows) return;
    }
  } finally {
    await answers.close();
    await failures.close();
  }
  if (row < source.rows) throw inputChanged(row, source.rows);
}

const outcomeOf = async (row: number, answers: RecordCursor, failures: RecordCursor): Promise<FlatAnswer> => {
  const answer = await answers.at(row);
  if (answer !== undefined) return answerOf(answer);
  const failure = await failures.at(row);
  return failure === undefined ? noAnswer : failedAnswerOf(failure);
};

/** The fields of the answers; nothing when there are none, one is no object, or they differ too much. */
const answerFields = async ({ fs, answers, signal }: FlatSource): Promise<FieldKinds | undefined> => {
  const fields = new FieldKinds(mostColumns);
  for await (const window of recordWindows({ fs, ...answers, windowBytes, signal })) {
    for (let row = window.firstRow; row < window.endRow; row++) {
      const record = window.recordOf(row);
      if (record === undefined) continue;
      const object = answeredObject(answerOf(record).output ?? "");
      if (object === undefined) return undefined;
      fields.add(object);
    }
  }
  return fields.leftOut > 0 || fields.list().length === 0 ? undefined : fields;
};

const windowBytes = 16 * 1024 * 1024;

async function* inputColumns({ columns, rows }: FlatSource): AsyncGenerator<readonly JsonObject[]> {
  if (columns !== undefined) return yield* columns();
  for (let row = 0; row < rows; row += bareRows)
    yield Array.from({ length: Math.min(bareRows, rows - row) }, () => ({}));
}

const bareRows = 1000;

/** Finds records of rows that are asked for in order. */
class RecordCursor {
  readonly #windows: AsyncGenerator<RecordWindow>;
  #window: RecordWindow | undefined;
  #ended = false;

  constructor({ fs, signal }: FlatSource, file: RecordFile) {
    this.#windows = recordWindows({ fs, ...file, windowBytes, signal });
  }

  /** Valid until the record of a later row is asked for. */
  async at(row: number): Promise<Buffer | undefined> {
    while (!this.#ended && row >= (this.#window?.endRow ?? 0)) {
      const { done, value } = await this.#windows.next();
      this.#ended = done === true;
      this.#window = done === true ? undefined : value;
    }
    return this.#window?.recordOf(row);
  }

  async close(): Promise<void> {
    await this.#windows.return(undefined);
  }
}

const inputChanged = (row: number, rows: number): RunError =>
  new RunError(`cannot make the output: the input has only ${row} of its ${rows} rows any more`, {
    notes: ["every answer is kept in the run folder; with the input as it was, run the same command again"],
  });
