import { extname } from "node:path";
import { InputError } from "./input-error.ts";
import { type Line, readLines } from "./lines.ts";

/** How an input file is written. */
export type InputFormat = "jsonl" | "csv" | "tsv" | "text";

/** All of them. */
export const inputFormats: readonly InputFormat[] = ["jsonl", "csv", "tsv", "text"];

/** What is known of a file whose format is to be found. */
export interface FormatQuestion {
  readonly path: string;
  readonly name: string;
  /** Columns that a template asks for: a first line that names them all is the header of a table. */
  readonly columns: readonly string[];
}

/** Finds the format by the file's ending, else by its first line that is not blank. @throws InputError */
export const detectFormat = async ({ path, name, columns }: FormatQuestion): Promise<InputFormat> => {
  const ending = extname(path).toLowerCase();
  const advice = unsupported[ending];
  if (advice !== undefined) throw new InputError(`${name}: ${ending} files cannot be read yet`, { notes: [advice] });
  return byEnding[ending] ?? byContent(await firstLine(path, name), ending, name, columns);
};

const byEnding: Readonly<Record<string, InputFormat>> = {
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".csv": "csv",
  ".tsv": "tsv",
  ".txt": "text",
};

const unsupported: Readonly<Record<string, string>> = {
  ".gz": "unpack it first: gunzip -k",
  ".zip": "unpack it first: unzip",
  ".zst": "unpack it first: unzstd",
  ".parquet": "convert it to .jsonl or .csv first",
  ".xls": "save it as .csv first, in UTF-8",
  ".xlsx": "save it as .csv first, in UTF-8",
};

const byContent = (line: string, ending: string, name: string, columns: readonly string[]): InputFormat => {
  if (line.startsWith("{") || line.startsWith('"')) return "jsonl";
  if (ending === ".json" || line === "[" || /^\[\s*\{/.test(line)) {
    throw new InputError(`${name} is not made of lines of JSON`, {
      notes: ["write one object a line, for example with: jq -c '.[]' in.json > in.jsonl"],
    });
  }
  if (isHeader(line.split(","), columns)) return "csv";
  return isHeader(line.split("\t"), columns) ? "tsv" : "text";
};

const isHeader = (cells: readonly string[], columns: readonly string[]): boolean => {
  const names = new Set(cells.map((cell) => cell.trim().replace(/^"(.*)"$/, "$1")));
  return columns.length > 0 && columns.every((column) => names.has(column));
};

const firstLine = async (path: string, name: string): Promise<string> => {
  for await (const lines of readLines(path, { name, chunkBytes: 64 * 1024 })) {
    const line = lines.find(({ isBlank }: Line) => !isBlank);
    if (line !== undefined) return line.text.trim();
  }
  return "";
};
