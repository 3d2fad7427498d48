import { scanPlaces } from "../journal/scan-places.ts";
import type { RowPlaces } from "../journal/row-places.ts";
import type { OutputPaths } from "../paths.ts";
import { unwritable } from "../run-error.ts";
import type { RowIndex } from "../source/row-index.ts";
import { earlierInput, type EarlierInput, type EarlierRun } from "../earlier/earlier-input.ts";
import type { FlatTable } from "./flat-columns.ts";
import type { FlatSource } from "./flat-rows.ts";
import { recordCount } from "./ordered-records.ts";
import { outputChunks } from "./output-chunks.ts";
import type { OutputFormat, ResultOrder } from "./output-format.ts";
import type { OutputKind } from "./output-kind.ts";
import { recordedRows } from "./recorded-rows.ts";
import { writeWhole } from "./whole-file.ts";

/** What is to be exported, and how. */
export interface ExportOptions extends EarlierRun {
  readonly paths: OutputPaths;
  readonly kind: OutputKind;
  readonly format: OutputFormat;
  readonly order: ResultOrder;
  readonly csvBom: boolean;
  /** Chooses among the columns of flat rows. @default all */
  readonly fields?: ((table: FlatTable) => readonly string[]) | undefined;
  /** A path, or what takes the bytes and says whether it takes more. */
  readonly to: string | ((bytes: Uint8Array) => Promise<boolean>);
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
}

/** What was exported. */
export interface Exported {
  readonly rows: number;
  readonly answered: number;
  readonly failed: number;
  readonly bytes: number;
}

/** Writes what a run has recorded so far, finished or not, into another file. @throws RunError */
export const exportRun = async (options: ExportOptions): Promise<Exported> => {
  const { kind, format, order, csvBom, fields, to } = options;
  const source = await exportedSource(options);
  const chunks = outputChunks({ source, kind, format, order, csvBom, fields });
  const bytes = typeof to === "string" ? await written(options, to, chunks) : await passedOn(chunks, to);
  const answered = recordCount(source.answers.places);
  const failed = failedCount(source);
  return { rows: format === "flat" ? source.rows : answered, answered, failed, bytes };
};

/** By the rows of the input where it is known and the records are of it; else by the records alone. */
const exportedSource = async (options: ExportOptions): Promise<FlatSource> => {
  const { warn, format, signal } = options;
  const found = await earlierInput(options, signal);
  if (typeof found === "string") {
    if (format === "flat") warn(`without the columns of the input: ${found}`);
    return recordedSource(options);
  }
  const strangers = new Set<string>();
  const source = await sourceOf(options, found.index, found, (id) => strangers.size < mostCounted && strangers.add(id));
  if (strangers.size === 0) return source;
  if (recordCount(source.answers.places) === 0) {
    if (format === "flat") warn("without the columns of the input: the records are of other rows than it has now");
    return recordedSource(options);
  }
  const count = `${strangers.size.toLocaleString("en")}${strangers.size === mostCounted ? " or more" : ""}`;
  if (format === "flat") warn(`records of ${count} rows that are not in the input any more are left out`);
  return source;
};

const mostCounted = 100_000;

const recordedSource = async (options: ExportOptions): Promise<FlatSource> => {
  const { fs, paths, signal } = options;
  return sourceOf(options, await recordedRows(fs, paths, signal));
};

const sourceOf = async (
  { fs, paths, signal, warn }: ExportOptions,
  index: Pick<RowIndex, "rows" | "find">,
  input?: EarlierInput,
  onStranger?: (id: string) => void,
): Promise<FlatSource> => {
  const places = (path: string, of: "answers" | "failures"): Promise<RowPlaces> =>
    scanPlaces(fs, path, index, { of, signal, ...(onStranger === undefined ? {} : { onStranger }) });
  return {
    fs,
    answers: { path: paths.truth, places: await places(paths.truth, "answers") },
    failures: { path: paths.errors, places: await places(paths.errors, "failures") },
    rows: index.rows,
    columns: input && (() => input.source.columns(index.rows, signal)),
    signal,
    warn,
  };
};

const failedCount = ({ answers, failures, rows }: FlatSource): number => {
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (failures.places.lengthOf(row) > 0 && answers.places.lengthOf(row) === 0) count += 1;
  }
  return count;
};

const written = async (
  { fs, signal }: ExportOptions,
  path: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<number> => {
  try {
    return await writeWhole(fs, path, chunks);
  } catch (error) {
    // What is written for people carries its exit code.
    if (signal.aborted || (error instanceof Error && "exitCode" in error)) throw error;
    throw unwritable(path, error, "choose another file with -o");
  }
};

const passedOn = async (
  chunks: AsyncIterable<Uint8Array>,
  take: (bytes: Uint8Array) => Promise<boolean>,
): Promise<number> => {
  let bytes = 0;
  for await (const chunk of chunks) {
    if (!(await take(chunk))) break;
    bytes += chunk.length;
  }
  return bytes;
};
