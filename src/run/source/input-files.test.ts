import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asks, drained, encode } from "../../../test/fixtures/source-file.ts";
import { nodeFs } from "../files/node-fs.ts";
import { inputFiles, inputText } from "./input-files.ts";
import { openSource } from "./source.ts";

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-files-"));
  await mkdir(at("sub"));
  for (const name of [
    "b.jsonl",
    "a.jsonl",
    "sub/c.jsonl",
    "all.jsonl",
    "all.errors.jsonl",
    "x [1].jsonl",
    ".hidden.jsonl",
  ]) {
    await writeFile(at(name), `{"custom_id":"${name}","prompt":"${name}"}\n`);
  }
});
afterAll(() => rm(folder, { recursive: true }));

const found = async (input: string | readonly string[], apart: readonly string[] = []): Promise<string[]> => {
  const files = await inputFiles(typeof input === "string" ? at(input) : input.map(at), { fs: nodeFs, apart });
  return files.map((file) => file.slice(folder.length + 1));
};

describe("the files of an input", () => {
  it("stand in the order given, and those of a pattern in that of their names", async () => {
    expect(await found(["sub/c.jsonl", "?.jsonl"])).toEqual(["sub/c.jsonl", "a.jsonl", "b.jsonl"]);
    expect(await found("**/{c,a}.jsonl")).toEqual(["a.jsonl", "sub/c.jsonl"]);
  });

  it("are none that the run writes itself, though a pattern matches them", async () => {
    const apart = [at("all.jsonl"), at("all.errors.jsonl"), at("sub")];
    expect(await found("**/[abcl]*.jsonl", apart)).toEqual(["a.jsonl", "b.jsonl"]);
  });

  it("include one whose name looks like a pattern, if there is one", async () => {
    expect(await found("x [1].jsonl")).toEqual(["x [1].jsonl"]);
  });

  it("are given once, and a pattern adds none a second time", async () => {
    expect(await found(["b.jsonl", "?.jsonl"])).toEqual(["b.jsonl", "a.jsonl"]);
    await expect(found(["b.jsonl", "sub/../b.jsonl"])).rejects.toThrow("is given twice");
  });

  it("must be there: a pattern that matches nothing is refused", async () => {
    await expect(found("*.none")).rejects.toMatchObject({
      exitCode: 6,
      message: expect.stringContaining("no file matches"),
    });
    await expect(inputFiles(["a", "-"], { fs: nodeFs })).rejects.toThrow("cannot be one of several");
    expect(await inputFiles("-", { fs: nodeFs })).toEqual(["-"]);
  });

  it("are called by their names, the first three of them", () => {
    expect([inputText("a"), inputText(["a", "b"]), inputText(["a", "b", "c", "d", "e"])]).toEqual([
      "a",
      "a, b",
      "a, b, c and 2 more",
    ]);
  });
});

describe("several files", () => {
  it("are read one after the other, each in its own format and with its own lines", async () => {
    await writeFile(at("t.csv"), "custom_id,prompt\n1,from csv\n");
    await writeFile(at("t.txt"), "\nfrom text\n");
    const source = await openSource({ path: [at("t.csv"), at("t.txt"), at("a.jsonl")], encode });
    const index = await source.validate(new AbortController().signal);
    const rows = await drained(source.rows(index, () => false));
    expect(source.format).toBe("csv, text, jsonl");
    expect(asks(rows)).toEqual(["from csv", "from text", "a.jsonl"]);
    expect(rows.map(({ line }) => line)).toEqual([2, 2, 1]);
    expect(rows.map((row) => index.fileOf(row.index))).toEqual([0, 1, 2]);
  });

  it("are told apart in what is wrong with them", async () => {
    await writeFile(at("first.jsonl"), '{"custom_id":"x","prompt":"1"}\n');
    await writeFile(at("second.jsonl"), '5\n{"custom_id":"x","prompt":"2"}\n');
    const source = await openSource({ path: [at("first.jsonl"), at("second.jsonl")], encode });
    const { message } = await source.validate(new AbortController().signal).then(
      () => new Error("it did not fail"),
      (error: Error) => error,
    );
    expect(message).toContain(`${at("second.jsonl")} line 1, byte 0: a row must be`);
    expect(message).toContain(
      `${at("second.jsonl")} line 2, byte 2: the id "x" stands on ${at("first.jsonl")} line 1 too`,
    );
  });
});
