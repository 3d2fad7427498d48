import type { ByteWriter, ColumnSource } from "hyparquet-writer";
import { version } from "../../provider/version.ts";
import type { Cell, CellKind } from "./cell.ts";
import type { FlatColumn } from "./flat-columns.ts";

/** How much of a table one row group holds: as much as has to fit into memory. */
export interface ParquetOptions {
  /** @default 20,000 */
  readonly groupRows?: number;
  /** @default 8 Mi characters */
  readonly groupLength?: number;
}

/** A table as Parquet, a row group at a time: texts as UTF-8, numbers as 64-bit integers or doubles, booleans. */
export async function* parquetChunks(
  columns: readonly FlatColumn[],
  rows: AsyncIterable<readonly (readonly Cell[])[]>,
  { groupRows = 20_000, groupLength = 8 * 1024 * 1024 }: ParquetOptions = {},
): AsyncGenerator<Uint8Array> {
  const { ByteWriter, ParquetWriter, schemaFromColumnData } = await import("hyparquet-writer");
  const writer = new ByteWriter();
  let group = new RowGroup(columns);
  const schema = schemaFromColumnData({ columnData: group.columnData() });
  const parquet = new ParquetWriter({ writer, schema, createdBy: `sluice version ${version}` });
  const written = async (): Promise<Uint8Array> => {
    await parquet.write({ columnData: group.columnData(), rowGroupSize: Math.max(1, group.rows) });
    group = new RowGroup(columns);
    return taken(writer);
  };
  for await (const batch of rows) {
    for (const cells of batch) {
      group.add(cells);
      if (group.rows >= groupRows || group.length >= groupLength) yield await written();
    }
  }
  if (group.rows > 0) yield await written();
  await parquet.finish();
  yield taken(writer);
}

/** What the writer has collected; it goes on with an empty buffer, and counts on. */
const taken = (writer: ByteWriter): Uint8Array => {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
};

/** Rows turned into columns. */
class RowGroup {
  readonly #columns: readonly FlatColumn[];
  readonly #data: (string | number | bigint | boolean | null)[][];
  rows = 0;
  /** The characters of all texts. */
  length = 0;

  constructor(columns: readonly FlatColumn[]) {
    this.#columns = columns;
    this.#data = columns.map(() => []);
  }

  add(cells: readonly Cell[]): void {
    for (const [place, { kind }] of this.#columns.entries()) {
      const cell = cells[place] ?? null;
      this.#data[place]?.push(kind === "integer" && typeof cell === "number" ? BigInt(cell) : cell);
      if (typeof cell === "string") this.length += cell.length;
    }
    this.rows += 1;
  }

  columnData(): ColumnSource[] {
    return this.#columns.map(({ name, kind }, place) => ({ name, type: types[kind], data: this.#data[place] ?? [] }));
  }
}

const types: Readonly<Record<CellKind, "STRING" | "INT64" | "DOUBLE" | "BOOLEAN">> = {
  text: "STRING",
  integer: "INT64",
  number: "DOUBLE",
  boolean: "BOOLEAN",
};
