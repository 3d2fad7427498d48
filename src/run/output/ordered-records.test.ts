import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeFs } from "../files/node-fs.ts";
import type { RowPlaces } from "../journal/row-places.ts";
import { scanPlaces } from "../journal/scan-places.ts";
import { RowIndexBuilder } from "../source/row-index.ts";
import { isOrdered, orderedRecords } from "./ordered-records.ts";

let folder = "";
let path = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-order-"));
  path = join(folder, "out.jsonl");
});
afterAll(() => rm(folder, { recursive: true }));

const record = (id: string, text = ""): string =>
  `${JSON.stringify({ id: "req_1", custom_id: id, response: { status_code: 200, body: { text } }, error: null })}\n`;

const failed = (id: string): string =>
  `${JSON.stringify({ id: "req_1", custom_id: id, response: { status_code: 500, body: {} }, error: null })}\n`;

const indexOf = (ids: readonly string[]): RowIndexBuilder => {
  const index = new RowIndexBuilder();
  for (const [line, id] of ids.entries()) index.addExplicit(id, line + 1);
  return index.finish();
};

const ordered = async (ids: readonly string[], windowBytes?: number, noted?: RowPlaces): Promise<string> => {
  const places = noted ?? (await scanPlaces(nodeFs, path, indexOf(ids)));
  const settings = { fs: nodeFs, path, places, ...(windowBytes === undefined ? {} : { windowBytes }) };
  const pieces: Buffer[] = [];
  for await (const piece of orderedRecords(settings)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString("utf8");
};

describe("records in the order of the input", () => {
  it("have exactly the bytes that they had, whatever the order of completion and however small the window", async () => {
    const row = fc.record({
      text: fc.string({ unit: "grapheme", maxLength: 40 }),
      recorded: fc.boolean(),
      turn: fc.nat(),
    });
    const setting = fc.record({
      rows: fc.array(row, { maxLength: 30 }),
      windowBytes: fc.integer({ min: 1, max: 2000 }),
    });
    await fc.assert(
      fc.asyncProperty(setting, async ({ rows, windowBytes }) => {
        const lines = rows.map(({ text }, place) => record(`row ${place}`, text));
        const done = rows.flatMap(({ recorded, turn }, place) => (recorded ? [{ place, turn }] : []));
        const completed = done.toSorted((one, other) => one.turn - other.turn);
        await writeFile(path, completed.map(({ place }) => lines[place]).join(""));
        const ids = lines.map((_, place) => `row ${place}`);
        expect(await ordered(ids, windowBytes)).toBe(done.map(({ place }) => lines[place]).join(""));
      }),
      { numRuns: 200 },
    );
  });

  it("are followed by what is of no row of the input, in the order in which it stood", async () => {
    await writeFile(
      path,
      [record("gone"), record("b"), failed("a"), "\n", record("b", "again"), record("a"), record("gone 2")].join(""),
    );
    expect(await ordered(["a", "b"])).toBe(
      [record("a"), record("b"), record("gone"), failed("a"), record("b", "again"), record("gone 2")].join(""),
    );
  });

  it("survive a byte order mark, line endings of two bytes, and a record that is just being written", async () => {
    const windows = record("b").replace("\n", "\r\n");
    await writeFile(path, `\uFEFF${windows}${record("a")}{"id":"req_`);
    expect(await ordered(["a", "b"])).toBe(`${record("a")}${windows}`);
    await writeFile(path, `${record("b")}${record("a").trimEnd()}`);
    expect(await ordered(["a", "b"])).toBe(`${record("b")}${record("a")}`);
  });

  it("are known to be in order already only when nothing stands before or between them", async () => {
    const isSo = async (...lines: string[]): Promise<boolean> => {
      await writeFile(path, lines.join(""));
      return isOrdered(await scanPlaces(nodeFs, path, indexOf(["a", "b", "c"])));
    };
    expect(await isSo()).toBe(true);
    expect(await isSo(record("a"), record("c"), record("gone"))).toBe(true);
    expect(await isSo(record("b"), record("a"))).toBe(false);
    expect(await isSo(record("a"), record("gone"), record("b"))).toBe(false);
  });

  it("are refused when a record is not what was written, with its row and what to do", async () => {
    const lines = [record("b", "one"), record("a", "two")];
    await writeFile(path, lines.join(""));
    const scanned = await scanPlaces(nodeFs, path, indexOf(["a", "b"]));
    const noted: RowPlaces = {
      rows: 2,
      offsetOf: (row) => scanned.offsetOf(row),
      lengthOf: (row) => scanned.lengthOf(row),
      checksumOf: (row) => crc32(lines[1 - row] ?? ""),
    };
    expect(await ordered(["a", "b"], undefined, noted)).toBe(lines.toReversed().join(""));
    await writeFile(path, lines.join("").replace("two", "tvo"));
    await expect(ordered(["a", "b"], undefined, noted)).rejects.toThrow(/the record of row 1 is not what was written/);
    await writeFile(path, lines[0] ?? "");
    await expect(ordered(["a", "b"], undefined, noted)).rejects.toMatchObject({ exitCode: 6 });
  });

  it("are not looked for in a file of something else", async () => {
    await writeFile(path, '{"hello":1}\n');
    await expect(scanPlaces(nodeFs, path, indexOf(["a"]))).rejects.toThrow(/line 1 is no record of a run/);
    await appendFile(path, "");
    expect(await readFile(path, "utf8")).toBe('{"hello":1}\n');
    expect((await scanPlaces(nodeFs, join(folder, "none"), indexOf(["a"]))).offsetOf(0)).toBeUndefined();
  });
});
