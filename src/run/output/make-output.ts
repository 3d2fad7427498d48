import { dirname } from "node:path";
import type { JsonObject } from "../../call/json.ts";
import type { Fs } from "../files/fs.ts";
import type { RowPlaces } from "../journal/row-places.ts";
import { scanPlaces } from "../journal/scan-places.ts";
import type { OutputPaths } from "../paths.ts";
import { RunError, unwritable } from "../run-error.ts";
import { InputError } from "../source/input-error.ts";
import type { RowIndex } from "../source/row-index.ts";
import { isOrdered, recordCount } from "./ordered-records.ts";
import { outputChunks } from "./output-chunks.ts";
import { type OutputFormat, type ResultOrder } from "./output-format.ts";
import { jsonLines, knownEndings, outputKind, usualFormat } from "./output-kind.ts";
import { writeWhole } from "./whole-file.ts";

/** What the output of a run is made of, and how. */
export interface MakeOutputOptions {
  readonly fs: Fs;
  readonly paths: OutputPaths;
  readonly index: RowIndex;
  /** Where the records stand in the truth. @default found by reading it */
  readonly places?: RowPlaces | undefined;
  /** Reads the columns of all rows again, for flat rows. @default flat rows have none of the input */
  readonly columns?: (() => AsyncIterable<readonly JsonObject[]>) | undefined;
  /** @default 'flat' for `.csv`, `.tsv` and `.parquet`, else 'openai' */
  readonly format?: OutputFormat | undefined;
  /** @default 'input' */
  readonly order?: ResultOrder | undefined;
  /** @default false */
  readonly csvBom?: boolean | undefined;
  /** Called before the truth is put into another order, when the places of its records are about to change. */
  readonly beforeMoving?: (() => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly warn: (message: string) => void;
}

/** What was done. */
export interface OutputMade {
  /** Whether the output was written; otherwise the records stand in it as they were appended, and that is what is wanted. */
  readonly written: boolean;
  readonly order: ResultOrder;
  /** The size of the output. */
  readonly bytes: number;
  /** Its rows: records of rows of the input, or all rows in a flat output. */
  readonly rows: number;
}

/**
 * Makes the output of the records of a run: puts it into the order of the input, or writes flat rows, atomically.
 *
 * @throws RunError when it cannot be written, or a record is not what was written: the records stay as they are
 */
export const makeOutput = async (options: MakeOutputOptions): Promise<OutputMade> => {
  const { fs, paths, index, order = "input", signal } = options;
  try {
    const places = options.places ?? (await scanPlaces(fs, paths.truth, index, { signal }));
    return await made(options, places, order);
  } catch (error) {
    if (error instanceof InputError || signal?.aborted === true) throw error;
    throw unwritable(paths.output, error, "next  make room or repair the cause, then run the same command again");
  }
};

/** Refuses what cannot be made, before anything is sent. @throws RunError */
export const checkOutputOptions = (
  output: string,
  format: OutputFormat = usualFormat(output),
  order: ResultOrder = "input",
): void => {
  const kind = outputKind(output);
  if (kind === undefined) {
    throw refused(output, "its ending says none of the formats that are written", `write ${knownEndings}`);
  }
  if (format === "openai" && kind.container !== "jsonl") {
    throw refused(output, `the format "openai" is JSON lines`, "leave --format out, or choose -o with .jsonl");
  }
  if (format === "flat" && order === "completion") {
    throw refused(
      output,
      "flat rows stand in the order of the input, beside its columns",
      "leave --order out, or choose -o with .jsonl",
    );
  }
};

const refused = (output: string, why: string, next: string): RunError =>
  new RunError(`cannot write ${output}: ${why}`, { exitCode: 2, notes: [`next  ${next}`] });

const made = async (options: MakeOutputOptions, places: RowPlaces, order: ResultOrder): Promise<OutputMade> => {
  const { fs, paths, index, csvBom = false, signal, columns, warn } = options;
  const { format = usualFormat(paths.output) } = options;
  const kind = outputKind(paths.output) ?? jsonLines;
  const answers = { path: paths.truth, places };
  if (paths.truth === paths.output && format === "openai") {
    const kept = await keptOrder(options, places, order);
    if (kept !== undefined) return kept;
    await options.beforeMoving?.();
  }
  const failures =
    format === "flat" ? await scanPlaces(fs, paths.errors, index, { of: "failures", signal }) : noPlaces(index.rows);
  const source = { fs, answers, failures: { path: paths.errors, places: failures }, rows: index.rows, columns };
  const chunks = outputChunks({ source: { ...source, signal, warn }, kind, format, order, csvBom });
  const bytes = await writeWhole(fs, paths.output, chunks);
  return { written: true, order, bytes, rows: format === "flat" ? index.rows : recordCount(places) };
};

/** What is to be said when the records stay as they were appended; `undefined` when they are to be put in order. */
const keptOrder = async (
  { fs, paths, warn }: MakeOutputOptions,
  places: RowPlaces,
  order: ResultOrder,
): Promise<OutputMade | undefined> => {
  const bytes = (await fs.stat(paths.truth))?.size ?? 0;
  const kept = { written: false, bytes, rows: recordCount(places) };
  if (order === "completion") return { ...kept, order };
  if (isOrdered(places)) return { ...kept, order };
  const free = await fs.freeBytes(dirname(paths.output));
  if (free >= bytes) return undefined;
  const [needed, left] = [megabytes(bytes), megabytes(free)];
  warn(
    `${paths.output} stays in the order of completion: a second copy needs ${needed}, and ${left} are free; ` +
      "make room and run the same command again to have it in the order of the input",
  );
  return { ...kept, order: "completion" };
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toLocaleString("en", { maximumFractionDigits: 1 })} MB`;

const noPlaces = (rows: number): RowPlaces => ({
  rows,
  offsetOf: () => undefined,
  lengthOf: () => 0,
  checksumOf: () => undefined,
});
