import { access, constants, stat } from "node:fs/promises";
import type { JsonObject } from "../../call/json.ts";
import { excerpt } from "./excerpt.ts";
import { type InputFormat, detectFormat } from "./format.ts";
import { occurrenceId } from "./identity.ts";
import { inputColumns } from "./input-columns.ts";
import { identifiedBy } from "./identified-by.ts";
import { InputError } from "./input-error.ts";
import { readRecords } from "./read-records.ts";
import type { InputRecord, RecordOptions } from "./records.ts";
import { type Rendered, type Renderer, createRenderer } from "./renderer.ts";
import type { Row } from "./row.ts";
import { type RowIndex, RowIndexBuilder } from "./row-index.ts";
import type { SourceOptions } from "./source-options.ts";
import { compileTemplate } from "./template.ts";
import { unreadable } from "./unreadable.ts";

export type { Encode, SourceOptions } from "./source-options.ts";

/** An input file, to be validated as a whole and then read again row by row. */
export interface Source {
  readonly format: InputFormat;
  /** Reads everything once, so that every problem is found before anything is sent; tells each row's request, in order. @throws InputError */
  validate(signal: AbortSignal, onRow?: (row: Rendered) => void): Promise<RowIndex>;
  /** The rows again, in order, for sending. A row for which `skip` says true is passed over unparsed. */
  rows(index: RowIndex, skip: (row: number) => boolean, signal?: AbortSignal): AsyncGenerator<Row>;
  /** The columns of the first rows as the input has them, in order, in batches. */
  columns(rows: number, signal?: AbortSignal): AsyncGenerator<readonly JsonObject[]>;
}

/** Opens an input file. @throws InputError when it cannot be read, or a template cannot be understood */
export const openSource = async (options: SourceOptions): Promise<Source> => {
  const { path, name = path, format = "auto", limit = maxRows, maxLineBytes = 16 * 1024 * 1024 } = options;
  checkBound("limit", limit);
  checkBound("maxLineBytes", maxLineBytes);
  await checkReadable(path, name);
  const columns = options.prompt === undefined ? [] : compileTemplate(options.prompt, "prompt").columns;
  const found = format === "auto" ? await detectFormat({ path, name, columns }) : format;
  const textCells = found === "csv" || found === "tsv";
  const { identity } = options;
  const asking = (): Renderer => createRenderer({ ...options, name, textCells });
  const renderer = (): Renderer =>
    identity === undefined ? asking() : identifiedBy(asking(), createRenderer({ ...identity, name, textCells }));
  renderer();
  const file = { path, name, format: found, maxLineBytes };
  return {
    format: found,
    validate: (signal, onRow) => validated({ ...file, signal }, renderer(), limit, onRow),
    rows: (index, skip, signal) => rowsOf({ ...file, signal }, renderer(), index, skip),
    columns: (rows, signal) => inputColumns({ ...file, signal }, rows),
  };
};

/** What the index can number. */
const maxRows = 2 ** 30;

const checkBound = (option: string, value: number): void => {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new RangeError(`Cannot open a source: "${option}" must be a positive integer, got ${value}`);
};

const checkReadable = async (path: string, name: string): Promise<void> => {
  const kind = await stat(path).catch((error: unknown) => {
    throw unreadable(name, error);
  });
  if (kind.isDirectory()) throw unreadable(name, Object.assign(new Error("directory"), { code: "EISDIR" }));
  if (!kind.isFile()) {
    throw new InputError(`cannot read ${name}: it is not a file, and the input is read twice`, {
      exitCode: 6,
      notes: ["give it as standard input instead: … | sluice run -"],
    });
  }
  await access(path, constants.R_OK).catch((error: unknown) => {
    throw unreadable(name, error);
  });
};

const validated = async (
  file: RecordOptions,
  renderer: Renderer,
  limit: number,
  onRow?: (row: Rendered) => void,
): Promise<RowIndex> => {
  const index = new RowIndexBuilder();
  for await (const { records, blankLines } of readRecords(file)) {
    index.skipBlankLines(blankLines);
    for (const record of records) {
      if (index.rows === limit) return index.finish();
      const rendered = renderer.render(record);
      addRow(index, rendered, record, file.name);
      onRow?.(rendered);
    }
  }
  if (index.rows > 0) renderer.finish();
  return index.finish();
};

const addRow = (index: RowIndexBuilder, { id, explicitId }: Rendered, { line }: InputRecord, name: string): void => {
  if (!explicitId) return index.addMade(id, line);
  const other = index.addExplicit(id, line);
  if (other !== undefined) throw duplicateId(name, id, line, index.lineOf(other));
};

const duplicateId = (name: string, id: string, line: number, otherLine: number): InputError => {
  const [here, there] = [line.toLocaleString("en"), otherLine.toLocaleString("en")];
  return new InputError(
    `${name} line ${here}: the id ${JSON.stringify(excerpt(id))} stands on line ${there} too  (nothing was sent)`,
    { line, notes: ["each row needs an id of its own, because its result is filed under it"] },
  );
};

async function* rowsOf(
  file: RecordOptions,
  renderer: Renderer,
  index: RowIndex,
  skip: (row: number) => boolean,
): AsyncGenerator<Row> {
  let next = 0;
  for await (const { records } of readRecords(file)) {
    for (const record of records) {
      if (next === index.rows) return;
      const row = next++;
      if (!skip(row)) yield rowOf(record, row, { renderer, index, name: file.name });
    }
  }
  if (next < index.rows) throw changed(file.name);
}

interface Reading {
  readonly renderer: Renderer;
  readonly index: RowIndex;
  readonly name: string;
}

const rowOf = (record: InputRecord, row: number, { renderer, index, name }: Reading): Row => {
  const { line } = record;
  const { body, operation, ...rendered } = renderedAgain(record, renderer, name);
  const id = rendered.explicitId ? rendered.id : occurrenceId(rendered.id, index.occurrence(row));
  if (!index.matches(row, id)) throw changed(name, line);
  const { model } = body;
  const own = typeof model === "string" ? { model } : {};
  return { index: row, line, id, operation, body, explicitId: rendered.explicitId, ...own };
};

const renderedAgain = (record: InputRecord, renderer: Renderer, name: string): Rendered => {
  try {
    return renderer.render(record);
  } catch (error) {
    throw error instanceof InputError ? changed(name, record.line, error) : error;
  }
};

const changed = (name: string, line?: number, cause?: InputError): InputError =>
  new InputError(`${name} was changed while it was being worked on`, {
    ...(line === undefined ? {} : { line }),
    notes: ["what is done is kept: run the same command again to go on with the file as it is now"],
    cause,
  });
