import { readChunks } from "../source/chunks.ts";
import { delimitedChunks } from "./delimited.ts";
import { findTable, flatRows, type FlatSource } from "./flat-rows.ts";
import { pickColumns, type FlatTable } from "./flat-columns.ts";
import { flatLines } from "./flat-lines.ts";
import { gzipped } from "./gzipped.ts";
import { orderedRecords } from "./ordered-records.ts";
import type { OutputFormat, ResultOrder } from "./output-format.ts";
import type { OutputKind } from "./output-kind.ts";
import { parquetChunks } from "./parquet-chunks.ts";

/** What the bytes of an output are made of, and how. */
export interface OutputContent {
  readonly source: FlatSource;
  readonly kind: OutputKind;
  readonly format: OutputFormat;
  readonly order: ResultOrder;
  readonly csvBom: boolean;
  /** Which columns a flat output has. @default all */
  readonly fields?: ((table: FlatTable) => readonly string[]) | undefined;
}

/** The bytes of an output. Each piece is valid until the next is asked for. @throws RunError */
export const outputChunks = (content: OutputContent): AsyncIterable<Uint8Array> => {
  const plain = content.format === "flat" ? flatChunks(content) : recordChunks(content);
  return content.kind.gzip ? gzipped(plain) : plain;
};

const recordChunks = ({ source, order }: OutputContent): AsyncIterable<Uint8Array> => {
  const { fs, answers, signal } = source;
  return order === "input" ? orderedRecords({ fs, ...answers, signal }) : asTheyStand(source);
};

/** Before the first answer there is no file. */
async function* asTheyStand({ fs, answers: { path }, signal }: FlatSource): AsyncGenerator<Uint8Array> {
  if ((await fs.stat(path)) !== undefined) yield* readChunks(path, { fs, signal });
}

async function* flatChunks({ source, kind, csvBom, fields }: OutputContent): AsyncGenerator<Uint8Array> {
  const found = await findTable(source);
  const table = fields === undefined ? found : pickColumns(found, fields(found));
  const { columns } = table;
  const rows = flatRows(source, table);
  switch (kind.container) {
    case "jsonl":
      return yield* flatLines(columns, rows);
    case "parquet":
      return yield* parquetChunks(columns, rows);
    case "csv":
      return yield* delimitedChunks(columns, rows, { delimiter: ",", mark: csvBom });
    case "tsv":
      return yield* delimitedChunks(columns, rows, { delimiter: "\t", mark: csvBom });
  }
}
