import type { AsyncBuffer, FileMetaData, SchemaElement, parquetReadObjects } from "hyparquet";
import type { JsonValue } from "../../call/json.ts";
import type { FsFile } from "../files/fs.ts";
import { openToRead } from "./chunks.ts";
import { InputError } from "./input-error.ts";
import { jsonOfCell } from "./parquet-cell.ts";
import type { InputRecord, RecordBatch, RecordOptions } from "./records.ts";
import { unreadable } from "./unreadable.ts";

/** Reads a Parquet file row group by row group, and of it only the columns that are used. */
export async function* readParquetRecords(options: RecordOptions): AsyncGenerator<RecordBatch> {
  const { path, name, fs, signal } = options;
  const file = await openToRead(path, name, fs);
  try {
    const table = await openTable(file, options);
    let row = 1;
    for (const { num_rows: count } of table.metadata.row_groups) {
      signal?.throwIfAborted();
      const next = row + Number(count);
      yield { records: await table.read(row, next), blankLines: 0 };
      row = next;
    }
  } finally {
    await file.close();
  }
}

interface Table {
  readonly metadata: FileMetaData;
  /** The rows from one to before another, counted from 1. */
  read(from: number, to: number): Promise<readonly InputRecord[]>;
}

const openTable = async (file: FsFile, { name, columns }: RecordOptions): Promise<Table> => {
  const [{ parquetMetadataAsync, parquetReadObjects: readObjects }, { compressors }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet-compressors"),
  ]);
  const bytes = await randomAccess(file, name);
  const metadata = await understood(name, () => parquetMetadataAsync(bytes));
  const fields = fieldsOf(metadata);
  const options: Parameters<typeof parquetReadObjects>[0] = { file: bytes, metadata, compressors };
  const used = columns?.map((column) => (fields.has(column) ? column : (column.split(".")[0] ?? "")));
  // A column that is missing is found out with the first row, whose message lists all of them.
  if (used?.every((column) => fields.has(column)) === true) {
    options.columns = [...new Set([...used, "custom_id"])].filter((column) => fields.has(column));
  }
  return {
    metadata,
    read: async (from, to) => {
      const rows = await understood(name, () => readObjects({ ...options, rowStart: from - 1, rowEnd: to - 1 }));
      return rows.map((cells, place) => new ParquetRecord(from + place, cells, fields));
    },
  };
};

type Fields = ReadonlyMap<string, SchemaElement>;

/** The columns: the root's children, each of which its own children follow. */
const fieldsOf = ({ schema }: FileMetaData): Fields => {
  const fields = new Map<string, SchemaElement>();
  for (let at = 1; at < schema.length; at = afterChildren(schema, at)) {
    const field = schema[at];
    if (field !== undefined) fields.set(field.name, field);
  }
  return fields;
};

const afterChildren = (schema: readonly SchemaElement[], at: number): number => {
  let next = at + 1;
  for (let left = schema[at]?.num_children ?? 0; left > 0; left--) next = afterChildren(schema, next);
  return next;
};

const randomAccess = async (file: FsFile, name: string): Promise<AsyncBuffer> => {
  const byteLength = await file.size();
  return {
    byteLength,
    slice: async (start, end = byteLength) => {
      const bytes = new Uint8Array(end - start);
      const taken = await file.read(bytes, start).catch((error: unknown) => {
        throw unreadable(name, error);
      });
      return taken === bytes.length ? bytes.buffer : bytes.buffer.slice(0, taken);
    },
  };
};

const understood = async <T>(name: string, read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof InputError) throw error;
    // Offsets that lead nowhere say nothing to whoever has taken another file for one.
    const isCut = error instanceof RangeError;
    const reason = isCut ? "it is cut off, or another format" : error instanceof Error ? error.message : String(error);
    throw new InputError(`cannot read ${name}: not a Parquet file that can be understood: ${reason}`, {
      exitCode: 6,
      cause: error,
    });
  }
};

class ParquetRecord implements InputRecord {
  readonly line: number;
  readonly #cells: Readonly<Record<string, unknown>>;
  readonly #fields: Fields;

  constructor(line: number, cells: Readonly<Record<string, unknown>>, fields: Fields) {
    this.line = line;
    this.#cells = cells;
    this.#fields = fields;
  }

  value(): JsonValue {
    const cells = Object.entries(this.#cells);
    return Object.fromEntries(cells.map(([column, cell]) => [column, jsonOfCell(cell, this.#fields.get(column))]));
  }

  raw(): Uint8Array {
    return Buffer.from(JSON.stringify(this.value()));
  }
}
