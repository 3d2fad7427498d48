import { changeSince, type Fingerprint } from "./fingerprint.ts";
import { invalidId, occurrenceId } from "./identity.ts";
import { InputError } from "./input-error.ts";
import { readRecords } from "./read-records.ts";
import type { InputFile, InputRecord } from "./records.ts";
import type { Rendered, Renderer } from "./renderer.ts";
import type { Row } from "./row.ts";
import type { RowIndex } from "./row-index.ts";
import { duplicateId } from "./validate.ts";

/** An input that has been validated, to be read again. */
export interface Reading {
  readonly files: readonly InputFile[];
  /** What the files were before they were validated. */
  readonly fingerprints: readonly Fingerprint[];
  readonly renderer: Renderer;
  readonly index: RowIndex;
  readonly signal: AbortSignal | undefined;
  readonly warn: (message: string) => void;
}

/** A row that cannot be sent. */
export interface InvalidRow {
  /** The row's place among the rows, from 0. */
  readonly index: number;
  readonly line: number;
  /** What its failure is filed under. */
  readonly id: string;
  /** The name of its file. */
  readonly file: string;
  /** What is wrong with it. */
  readonly reason: string;
  /** What stands there, or the beginning of it. */
  readonly raw: Uint8Array;
}

/** The rows that can be sent and are not passed over, in order. @throws InputError when the input is not what it was */
export async function* readRows(reading: Reading, skip: (row: number) => boolean): AsyncGenerator<Row> {
  const { index } = reading;
  if (isNoneWanted(index, skip)) return;
  for await (const [record, row, file] of indexedRecords(reading)) {
    if (!index.isInvalid(row) && !skip(row)) yield rowOf(record, row, file, reading);
  }
  await checkUnchanged(reading);
}

/** A run that is done already has nothing to read again. */
const isNoneWanted = ({ rows }: RowIndex, skip: (row: number) => boolean): boolean => {
  for (let row = 0; row < rows; row++) if (!skip(row)) return false;
  return true;
};

/** The rows that cannot be sent, in order. @throws InputError when the input is not what it was */
export async function* readInvalidRows(reading: Reading): AsyncGenerator<InvalidRow> {
  const { index } = reading;
  if (index.invalid === 0) return;
  for await (const [record, row, file] of indexedRecords(reading)) {
    if (!index.isInvalid(row)) continue;
    const { what } = faultOf(record, file, reading);
    const id = occurrenceId(invalidId(record.raw()), index.occurrence(row));
    if (!index.matches(row, id)) throw changed(file.name, record.line);
    yield { index: row, line: record.line, id, file: file.name, reason: what, raw: record.raw() };
  }
}

async function* indexedRecords({
  files,
  index,
  signal,
}: Reading): AsyncGenerator<readonly [InputRecord, number, InputFile]> {
  let next = 0;
  for (const file of files) {
    for await (const { records } of readRecords({ ...file, signal })) {
      for (const record of records) {
        if (next === index.rows) return;
        yield [record, next++, file];
      }
    }
  }
  if (next < index.rows) throw changed(files[index.fileOf(next)]?.name ?? "the input");
}

const rowOf = (record: InputRecord, row: number, file: InputFile, { renderer, index }: Reading): Row => {
  const { line } = record;
  const { body, operation, ...rendered } = renderedAgain(record, renderer, file);
  const id = rendered.explicitId ? rendered.id : occurrenceId(rendered.id, index.occurrence(row));
  if (!index.matches(row, id)) throw changed(file.name, line);
  const { model } = body;
  const own = typeof model === "string" ? { model } : {};
  return { index: row, line, id, operation, body, explicitId: rendered.explicitId, ...own };
};

const renderedAgain = (record: InputRecord, renderer: Renderer, file: InputFile): Rendered => {
  try {
    return renderer.render(record, file);
  } catch (error) {
    throw error instanceof InputError ? changed(file.name, record.line, error) : error;
  }
};

/** A row that can be rendered has the id of another one. */
const faultOf = (record: InputRecord, file: InputFile, { renderer, index, files }: Reading): InputError => {
  try {
    const { id } = renderer.render(record, file);
    const row = index.find(id);
    return row === undefined
      ? changed(file.name, record.line)
      : duplicateId(id, record.line, file, { row, index, files });
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
};

/** Rows were read as they had been validated; what has been written since then is news. */
const checkUnchanged = async ({ files, fingerprints, warn }: Reading): Promise<void> => {
  for (const [place, { path, name, fs }] of files.entries()) {
    const before = fingerprints[place];
    const change = before === undefined ? "same" : await changeSince(path, before, fs, name);
    if (change === "other") throw changed(name);
    if (change === "grown") warn(`${name} has grown since it was read; run again to do the new rows`);
    if (change === "touched") warn(`${name} was written to while it was being worked on`);
  }
};

const changed = (name: string, line?: number, cause?: InputError): InputError =>
  new InputError(`${name} was changed while it was being worked on`, {
    ...(line === undefined ? {} : { line }),
    notes: ["what is done is kept: run the same command again to go on with the file as it is now"],
    cause,
  });
