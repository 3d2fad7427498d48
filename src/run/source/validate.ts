import { excerpt } from "./excerpt.ts";
import { lineFault, placeText, unitOf } from "./fault.ts";
import { Faults } from "./faults.ts";
import { invalidId } from "./identity.ts";
import { InputError } from "./input-error.ts";
import { readRecords } from "./read-records.ts";
import type { InputFile, InputRecord } from "./records.ts";
import type { Rendered, Renderer } from "./renderer.ts";
import { type RowIndex, RowIndexBuilder } from "./row-index.ts";

/** What is validated, and how. */
export interface Validation {
  readonly files: readonly InputFile[];
  readonly renderer: Renderer;
  readonly limit: number;
  readonly inputErrors: "fail" | "skip";
  readonly signal: AbortSignal;
  readonly onRow?: ((row: Rendered) => void) | undefined;
}

/** Reads the whole input once. @throws InputError with every row that cannot be sent, unless such rows are skipped */
export const validate = async (validation: Validation): Promise<RowIndex> => {
  const { files, renderer, limit, inputErrors, signal } = validation;
  const rows = new Validated(validation);
  for (const file of files) {
    rows.index.beginFile();
    try {
      for await (const { records, blankLines } of readRecords({ ...file, signal })) {
        if (!rows.take(records, blankLines, file)) break;
      }
    } catch (error) {
      throw error instanceof InputError ? rows.faultsWith(error, file) : error;
    }
    if (rows.index.rows === limit) break;
  }
  if (inputErrors === "fail" && rows.faults.count > 0) throw rows.faults.error(rows.index.rows);
  if (rows.index.rows > rows.index.invalid && rows.index.rows < limit)
    renderer.finish(files.map(({ name }) => name).join(", "));
  return rows.index.finish();
};

/** The rows that have been read so far, and what is wrong with them. */
class Validated {
  readonly index = new RowIndexBuilder();
  readonly faults = new Faults();
  readonly #validation: Validation;

  constructor(validation: Validation) {
    this.#validation = validation;
  }

  /** Whether more rows are wanted. */
  take(records: readonly InputRecord[], blankLines: number, file: InputFile): boolean {
    const { limit } = this.#validation;
    this.index.skipBlankLines(blankLines);
    for (const record of records) {
      if (this.index.rows === limit) return false;
      this.#takeOne(record, file);
    }
    return true;
  }

  faultsWith(error: InputError, file: InputFile): InputError {
    if (this.faults.count === 0 || this.#validation.inputErrors === "skip") return error;
    this.faults.addLast(error, file);
    return this.faults.error();
  }

  #takeOne(record: InputRecord, file: InputFile): void {
    const { renderer, onRow } = this.#validation;
    try {
      const rendered = renderer.render(record, file);
      this.#add(rendered, record.line, file);
      onRow?.(rendered);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.faults.add(error, file, record);
      const id = invalidId(record.raw());
      this.index.addInvalid(id, record.line);
      // Whoever counts the rows counts this one, too.
      onRow?.({ id, explicitId: false, operation: "chat", body: {} });
    }
  }

  #add({ id, explicitId }: Rendered, line: number, file: InputFile): void {
    if (!explicitId) return this.index.addMade(id, line);
    const other = this.index.addExplicit(id, line);
    if (other !== undefined)
      throw duplicateId(id, line, file, { row: other, index: this.index, files: this.#validation.files });
  }
}

/** A row that has been indexed. */
export interface IndexedRow {
  readonly row: number;
  readonly index: RowIndex;
  readonly files: readonly InputFile[];
}

/** The failure of a row whose id another row has. */
export const duplicateId = (id: string, line: number, file: InputFile, other: IndexedRow): InputError =>
  lineFault({
    name: file.name,
    line,
    unit: unitOf(file.format),
    what: `the id ${JSON.stringify(excerpt(id))} stands on ${placeOf(other, file)} too`,
    notes: ["each row needs an id of its own, because its result is filed under it"],
  });

/** Where a row stands, without the name of the file that is spoken of. */
const placeOf = ({ row, index, files }: IndexedRow, spokenOf: InputFile): string => {
  const file = files[index.fileOf(row)] ?? spokenOf;
  const text = placeText({ name: file.name, line: index.lineOf(row), unit: unitOf(file.format) });
  return file === spokenOf ? text.slice(file.name.length + 1) : text;
};
