import { isJsonObject, type JsonObject } from "../../call/json.ts";
import { InputError } from "./input-error.ts";
import { readRecords } from "./read-records.ts";
import type { InputFile, InputRecord } from "./records.ts";

/** The columns of the first rows of an input, as it has them, for an output that shows them again. */
export async function* inputColumns(
  files: readonly InputFile[],
  rows: number,
  signal?: AbortSignal,
): AsyncGenerator<readonly JsonObject[]> {
  let left = rows;
  // Whoever shows a row again wants all of its columns, and not those alone that its request is made of.
  for (const { columns: _, ...file } of files) {
    for await (const { records } of readRecords({ ...file, signal })) {
      const batch = records.slice(0, left).map(columnsOf);
      left -= batch.length;
      if (batch.length > 0) yield batch;
      if (left === 0) return;
    }
  }
}

/** A row that is a text has the column that templates know it by. What is no row has none. */
const columnsOf = (record: InputRecord): JsonObject => {
  try {
    const value = record.value();
    return typeof value === "string" ? { prompt: value } : isJsonObject(value) ? value : {};
  } catch (error) {
    if (error instanceof InputError) return {};
    throw error;
  }
};
