import { hasLoneReturns, withNewlines } from "./lone-returns.ts";
import { readBytes } from "./bytes.ts";
import { CsvTable } from "./csv-table.ts";
import { splitLines } from "./lines.ts";
import type { RecordBatch, RecordOptions } from "./records.ts";

/** Reads a table whose first row names its columns. A row may span lines inside quotes; one that is broken ends with its line. */
export async function* readCsvRecords(options: RecordOptions): AsyncGenerator<RecordBatch> {
  const { name, maxLineBytes } = options;
  const table = new CsvTable(options);
  const bytes = (await hasLoneReturns(readBytes(options, 64 * 1024)))
    ? withNewlines(readBytes(options))
    : readBytes(options);
  for await (const lines of splitLines(bytes, { name, maxLineBytes, longLines: "marked" })) yield table.take(lines);
  yield table.finish();
}
