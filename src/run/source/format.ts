import { extname } from "node:path";
import { delimiterOf } from "./cell-reader.ts";
import { InputError } from "./input-error.ts";

/** How an input file is written. */
export type InputFormat = "jsonl" | "json" | "csv" | "tsv" | "text" | "parquet";

/** All of them. */
export const inputFormats: readonly InputFormat[] = ["jsonl", "json", "csv", "tsv", "text", "parquet"];

/** What is known of a file whose format is to be found. */
export interface FormatQuestion {
  readonly path: string;
  readonly name: string;
  /** Its first line that is not blank. */
  readonly firstLine: string;
  /** Columns that a template asks for: a first line that names them all is the header of a table. */
  readonly columns: readonly string[];
}

/** Finds the format by the file's ending, else by its first line that is not blank. @throws InputError */
export const formatOf = ({ path, name, firstLine, columns }: FormatQuestion): InputFormat => {
  const ending = endingOf(path);
  return byEnding[ending] ?? byContent(firstLine, ending, name, columns);
};

/** The ending that says what a file is, without one that says how it is packed. */
const endingOf = (path: string): string => {
  const ending = extname(path).toLowerCase();
  return ending === ".gz" ? extname(path.slice(0, -ending.length)).toLowerCase() : ending;
};

/** Refuses files that cannot be read, and says what to do. @throws InputError */
export const checkEnding = (path: string, name: string): void => {
  const ending = endingOf(path);
  const advice = unsupported[ending];
  if (advice !== undefined) throw new InputError(`${name}: ${ending} files cannot be read`, { notes: [advice] });
};

const byEnding: Readonly<Record<string, InputFormat>> = {
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".csv": "csv",
  ".tsv": "tsv",
  ".txt": "text",
  ".parquet": "parquet",
};

const unsupported: Readonly<Record<string, string>> = {
  ".zip": "unpack it first: unzip",
  ".zst": "unpack it first: unzstd",
  ".bz2": "unpack it first: bunzip2 -k",
  ".xz": "unpack it first: xz -dk",
  ".xls": "save it as .csv first",
  ".xlsx": "save it as .csv first",
};

const byContent = (line: string, ending: string, name: string, columns: readonly string[]): InputFormat => {
  if (line.startsWith("[") && (ending === ".json" || /^\[\s*(?:\{|"|\]?$)/.test(line))) return "json";
  if (ending === ".json" && line !== "" && !isObject(line)) {
    throw new InputError(`${name} is neither a list of rows, [{…}, {…}], nor lines of JSON`, {
      notes: ["make lines of what the rows are in it, for example with: jq -c '.data[]' in.json > in.jsonl"],
    });
  }
  if (ending === ".json" || line.startsWith("{") || line.startsWith('"')) return "jsonl";
  if (isHeader(line.split(delimiterOf(line)), columns)) return delimiterOf(line) === "\t" ? "tsv" : "csv";
  return "text";
};

const isObject = (line: string): boolean => line.startsWith("{") && line.endsWith("}");

const isHeader = (cells: readonly string[], columns: readonly string[]): boolean => {
  const names = new Set(cells.map((cell) => cell.trim().replace(/^"(.*)"$/, "$1")));
  return columns.length > 0 && columns.every((column) => names.has(column));
};
