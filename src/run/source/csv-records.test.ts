import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonValue } from "../../call/json.ts";
import { nodeFs } from "../files/node-fs.ts";
import { readCsvRecords } from "./csv-records.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-csv-"));
});
afterAll(() => rm(folder, { recursive: true }));

const recordsOf = async (content: string, format: "csv" | "tsv" = "csv", maxLineBytes = 1000) => {
  const path = join(folder, `in.${format}`);
  await writeFile(path, content);
  const file = { path, name: "in", fs: nodeFs, format, isPacked: false, encoding: "utf-8", maxLineBytes };
  const records: [number, JsonValue][] = [];
  let blankLines = 0;
  for await (const batch of readCsvRecords(file)) {
    records.push(...batch.records.map((record): [number, JsonValue] => [record.line, record.value()]));
    blankLines += batch.blankLines;
  }
  return { records, blankLines };
};

describe("readCsvRecords", () => {
  it.each(["\n", "\r\n"])("reads quotes, newlines inside cells and blank lines ended by %j", async (newline) => {
    const lines = ["\uFEFFid, text ", '1,"say ""hi"", you"', "", '2,"two', "", 'lines"', "3,x", ""];
    const { records, blankLines } = await recordsOf(lines.join(newline));
    expect(records).toEqual([
      [2, { id: "1", text: 'say "hi", you' }],
      [4, { id: "2", text: `two${newline}${newline}lines` }],
      [7, { id: "3", text: "x" }],
    ]);
    expect(blankLines).toBe(1);
  });

  it("reads line endings that are mixed", async () => {
    expect((await recordsOf("a,b\n1,2\r\n3,4\n")).records).toEqual([
      [2, { a: "1", b: "2" }],
      [3, { a: "3", b: "4" }],
    ]);
  });

  it("reads more rows than one batch holds", async () => {
    const { records } = await recordsOf(`n\n${Array.from({ length: 5000 }, (_, n) => n).join("\n")}\n`);
    expect(records).toHaveLength(5000);
    expect(records[4999]).toEqual([5001, { n: "4999" }]);
  });

  it("reads letters that no byte boundary can break", async () => {
    const text = "漢字é😀".repeat(200_000);
    const { records } = await recordsOf(`q\n${text}\n`, "csv", 10_000_000);
    expect(records).toEqual([[2, { q: text }]]);
  });

  it("takes a quote inside a tab-separated cell as a letter", async () => {
    expect((await recordsOf('a\tb\nx "y"\t5" disk\n', "tsv")).records).toEqual([[2, { a: 'x "y"', b: '5" disk' }]]);
  });

  it("makes an ordinary column of any name", async () => {
    const { records } = await recordsOf("__proto__,constructor\nx,y\n");
    expect(Object.entries(records[0]?.[1] ?? {})).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
  });

  it.each([
    ['a,b\n1,2\n\n"x\ny",3\n4\n', 6, "the row has 1 cell, the header has 2"],
    ["a,b\n1,2,3\n", 2, "the row has 3 cells, the header has 2"],
    ['a,b\n1,2\n3,"open\n5,6\n', 3, "a quote that opens in this row is never closed"],
    ['a,b\n1,x"y"\n', 2, "a quote inside a cell"],
    ['a,b\n1,"x"y\n', 2, "must be doubled"],
    ["a,b,a\n1,2,3\n", 1, 'two columns are named "a"'],
    [`a\nx\n"${"y\n".repeat(2000)}"\n`, 3, "the row is too long"],
  ])("names the line where the row at fault begins: %j", async (content, line, words) => {
    await expect(recordsOf(content)).rejects.toMatchObject({ name: "InputError", line, exitCode: 2 });
    await expect(recordsOf(content)).rejects.toThrow(words);
  });
});
