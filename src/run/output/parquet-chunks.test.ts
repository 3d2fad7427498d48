import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeFs } from "../files/node-fs.ts";
import type { Cell } from "./cell.ts";
import type { FlatColumn } from "./flat-columns.ts";
import { parquetChunks } from "./parquet-chunks.ts";
import { writeWhole } from "./whole-file.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-parquet-"));
});
afterAll(() => rm(folder, { recursive: true }));

const columns: readonly FlatColumn[] = [
  { name: "文本", kind: "text" },
  { name: "count", kind: "integer" },
  { name: "score", kind: "number" },
  { name: "flag", kind: "boolean" },
];

const write = async (rows: readonly (readonly Cell[])[], groupRows = 50_000): Promise<string> => {
  const path = join(folder, `${rows.length}.parquet`);
  async function* batches(): AsyncGenerator<readonly (readonly Cell[])[]> {
    for (let row = 0; row < rows.length; row += 999) yield rows.slice(row, row + 999);
  }
  await writeWhole(nodeFs, path, parquetChunks(columns, batches(), { groupRows }));
  return path;
};

const query = async (sql: string): Promise<{ types: string[]; rows: unknown[][] }> => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(sql);
    return { types: reader.columnTypes().map(String), rows: reader.getRows() };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
};

describe("a Parquet output", () => {
  it("opens in another reader with the same rows, types, nulls and letters", async () => {
    const rows: Cell[][] = [
      ["你好，世界 🌊", 1, 0.5, true],
      ["", -9_007_199_254_740_991, -1e300, false],
      [null, null, null, null],
      ['{"a":[1]}', 9_007_199_254_740_991, 3, null],
    ];
    const { types, rows: found } = await query(`select * from '${await write(rows, 3)}'`);
    expect(types).toEqual(["VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN"]);
    expect(found).toEqual(
      rows.map(([text, count, ...rest]) => [text, count === null ? null : BigInt(count as number), ...rest]),
    );
  });

  it("opens without a row", async () => {
    expect(await query(`select * from '${await write([])}'`)).toEqual({
      types: ["VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN"],
      rows: [],
    });
  });

  it("holds a hundred thousand rows in their order", async () => {
    const rows = Array.from({ length: 100_000 }, (_, row): Cell[] => [
      row % 10 === 0 ? null : `第 ${row} 行`,
      row,
      row % 3 === 0 ? null : row / 4,
      row % 2 === 0,
    ]);
    const path = await write(rows, 30_000);
    const found = await query(
      `select count(*), count("文本"), sum(count)::bigint, sum(score), count(*) filter (where flag),
       bool_and("文本" is null or "文本" = '第 ' || count || ' 行'), bool_and(count = file_row_number)
       from read_parquet('${path}', file_row_number = true)`,
    );
    const sum = rows.reduce((total, [, , score]) => total + Number(score), 0);
    expect(found.rows).toEqual([[100_000n, 90_000n, 4_999_950_000n, sum, 50_000n, true, true]]);
  });
});
