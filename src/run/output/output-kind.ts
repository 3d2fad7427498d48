import type { OutputFormat } from "./output-format.ts";

/** How a file of results is written. */
export interface OutputKind {
  readonly container: "jsonl" | "csv" | "tsv" | "parquet";
  /** Whether it is packed. */
  readonly gzip: boolean;
  /** The part of the name that says so, `.csv.gz` for one; empty where there is none. */
  readonly ending: string;
}

/** How results are written where no name says it. */
export const jsonLines: OutputKind = { container: "jsonl", gzip: false, ending: "" };

/** What the ending of a name says; `undefined` when it is none of ours. A name without an ending is JSON lines. */
export const outputKind = (path: string): OutputKind | undefined => {
  const [, ending = "", plain = "", packed = ""] = /(\.([^./\\]+?)(\.gz)?)$/i.exec(baseName(path)) ?? [];
  const container = ending === "" ? "jsonl" : containers[plain.toLowerCase()];
  const gzip = packed !== "";
  if (container === undefined || (gzip && container === "parquet")) return undefined;
  return { container, gzip, ending };
};

/** What the rows of an output look like when nobody says. */
export const usualFormat = (path: string): OutputFormat =>
  (outputKind(path)?.container ?? "jsonl") === "jsonl" ? "openai" : "flat";

/** The endings, as messages name them. */
export const knownEndings = ".jsonl, .ndjson, .csv, .tsv or .parquet, and all but the last with .gz behind";

const containers: Readonly<Record<string, OutputKind["container"]>> = {
  jsonl: "jsonl",
  ndjson: "jsonl",
  csv: "csv",
  tsv: "tsv",
  parquet: "parquet",
};

/** A name that begins with a dot and has no other has no ending. */
const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 2);
