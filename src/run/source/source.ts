import type { JsonObject } from "../../call/json.ts";
import { nodeFs } from "../files/node-fs.ts";
import { type Fingerprint, fingerprintOf } from "./fingerprint.ts";
import { identifiedBy } from "./identified-by.ts";
import { inputColumns } from "./input-columns.ts";
import { type FileQuestion, openInputFile } from "./open-file.ts";
import { type InvalidRow, type Reading, readInvalidRows, readRows } from "./read-rows.ts";
import type { InputFile } from "./records.ts";
import { type Rendered, type Renderer, createRenderer } from "./renderer.ts";
import type { Row } from "./row.ts";
import type { RowIndex } from "./row-index.ts";
import type { SourceOptions } from "./source-options.ts";
import { compileTemplate, type Template } from "./template.ts";
import { validate } from "./validate.ts";

export type { Encode, SourceOptions } from "./source-options.ts";

/** An input of one file or more, to be validated as a whole and then read again row by row. */
export interface Source {
  /** The format, or the formats of its files. */
  readonly format: string;
  /** Reads everything once, so that every problem is found before anything is sent; tells each row's request, in order. @throws InputError */
  validate(signal: AbortSignal, onRow?: (row: Rendered) => void): Promise<RowIndex>;
  /** The rows again, in order, for sending. A row for which `skip` says true is passed over unparsed. */
  rows(index: RowIndex, skip: (row: number) => boolean, signal?: AbortSignal): AsyncGenerator<Row>;
  /** The rows that cannot be sent, in order, with what is wrong with them; there are none unless such rows are skipped. */
  invalidRows(index: RowIndex, signal?: AbortSignal): AsyncGenerator<InvalidRow>;
  /** The columns of the first rows as the input has them, in order, in batches. */
  columns(rows: number, signal?: AbortSignal): AsyncGenerator<readonly JsonObject[]>;
}

/** Opens an input. @throws InputError when it cannot be read, or a template cannot be understood */
export const openSource = async (options: SourceOptions): Promise<Source> => {
  const { limit = maxRows, inputErrors = "fail", maxLineBytes = 16 * 1024 * 1024 } = options;
  checkBound("limit", limit);
  checkBound("maxLineBytes", maxLineBytes);
  const warn = onlyOnce(options.warn ?? (() => {}));
  const files = await openFiles(options, maxLineBytes, warn);
  const { identity } = options;
  const renderer = (): Renderer =>
    identity === undefined ? createRenderer(options) : identifiedBy(createRenderer(options), createRenderer(identity));
  renderer();
  let fingerprints: readonly Fingerprint[] = [];
  const reading = (index: RowIndex, signal: AbortSignal | undefined): Reading => ({
    files,
    fingerprints,
    renderer: renderer(),
    index,
    signal,
    warn,
  });
  return {
    format: [...new Set(files.map(({ format }) => format))].join(", "),
    async validate(signal, onRow) {
      fingerprints = await fingerprintsOf(files);
      return validate({ files, renderer: renderer(), limit, inputErrors, signal, onRow });
    },
    rows: (index, skip, signal) => readRows(reading(index, signal), skip),
    invalidRows: (index, signal) => readInvalidRows(reading(index, signal)),
    columns: (rows, signal) => inputColumns(files, rows, signal),
  };
};

/** What the index can number. */
const maxRows = 2 ** 30;

const checkBound = (option: string, value: number): void => {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new RangeError(`Cannot open a source: "${option}" must be a positive integer, got ${value}`);
};

const openFiles = async (
  options: SourceOptions,
  maxLineBytes: number,
  warn: FileQuestion["warn"],
): Promise<readonly InputFile[]> => {
  const { path, name, format = "auto", encoding = "auto", fs = nodeFs } = options;
  const files: InputFile[] = [];
  for (const each of typeof path === "string" ? [path] : path) {
    const shown = typeof path === "string" ? (name ?? path) : each;
    const question = { path: each, name: shown, fs, format, encoding, maxLineBytes, ...columnsOf(options), warn };
    files.push(await openInputFile(question));
  }
  return files;
};

/** A template says which columns it needs; without one every column may be a part of the request. */
const columnsOf = ({ prompt, system, idColumn }: SourceOptions): Pick<FileQuestion, "needed" | "columns"> => {
  if (prompt === undefined) return { needed: [] };
  const templates: Template[] = [compileTemplate(prompt, "prompt")];
  if (system !== undefined) templates.push(compileTemplate(system, "system"));
  const columns = templates.flatMap((template) => [...template.columns, ...template.conditions]);
  if (idColumn !== undefined) columns.push(idColumn);
  return { needed: templates[0]?.columns ?? [], columns: [...new Set(columns)] };
};

const fingerprintsOf = (files: readonly InputFile[]): Promise<readonly Fingerprint[]> =>
  Promise.all(files.map(({ path, fs, name }) => fingerprintOf(path, fs, name)));

/** The input is read in several passes, and each of them would say the same. */
const onlyOnce = (warn: (message: string) => void): ((message: string) => void) => {
  const said = new Set<string>();
  return (message) => {
    if (said.has(message)) return;
    said.add(message);
    warn(message);
  };
};
