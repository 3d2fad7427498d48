import { readCsvRecords } from "./csv-records.ts";
import { readLineRecords } from "./line-records.ts";
import type { RecordBatch, RecordOptions } from "./records.ts";

/** Reads the rows of a file in batches. @throws InputError */
export const readRecords = (options: RecordOptions): AsyncGenerator<RecordBatch> =>
  options.format === "csv" || options.format === "tsv" ? readCsvRecords(options) : readLineRecords(options);
