import { readCsvRecords } from "./csv-records.ts";
import type { InputFormat } from "./format.ts";
import { readJsonRecords } from "./json-records.ts";
import { readLineRecords } from "./line-records.ts";
import { readParquetRecords } from "./parquet-records.ts";
import type { RecordBatch, RecordOptions } from "./records.ts";

/** Reads the rows of a file in batches. @throws InputError when what follows cannot be read either */
export const readRecords = (options: RecordOptions): AsyncGenerator<RecordBatch> => readers[options.format](options);

const readers: Readonly<Record<InputFormat, (options: RecordOptions) => AsyncGenerator<RecordBatch>>> = {
  jsonl: readLineRecords,
  json: readJsonRecords,
  csv: readCsvRecords,
  tsv: readCsvRecords,
  text: readLineRecords,
  parquet: readParquetRecords,
};
