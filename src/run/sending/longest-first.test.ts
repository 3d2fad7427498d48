import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { drained, encode, sourceFolder } from "../../../test/fixtures/source-file.ts";
import { longestFirst } from "./longest-first.ts";
import type { Row } from "../source/row.ts";
import { openSource, type SourceOptions } from "../source/source.ts";

const { path } = sourceFolder();

const linesOf = (bounds: readonly number[]): string =>
  bounds.map((bound) => `${JSON.stringify({ prompt: "same question", max_tokens: bound })}\n`).join("");

const read = async (
  content: string,
  { skip = () => false, ...options }: Partial<SourceOptions> & { readonly skip?: (row: number) => boolean } = {},
): Promise<{ readonly inOrder: readonly Row[]; readonly asTheyStand: readonly Row[] }> => {
  await writeFile(path("in.jsonl"), content);
  const source = await openSource({ path: path("in.jsonl"), encode, ...options });
  const ordered = longestFirst(source);
  const index = await ordered.validate(new AbortController().signal);
  const inOrder = await drained(ordered.rows(index, skip));
  return { inOrder, asTheyStand: await drained(source.rows(index, skip)) };
};

const bounds = (rows: readonly Row[]): readonly unknown[] => rows.map(({ body }) => body["max_tokens"]);
const places = (rows: readonly Row[]): readonly number[] => rows.map(({ index }) => index);
const byPlace = (rows: readonly Row[]): readonly Row[] => rows.toSorted((one, other) => one.index - other.index);

describe("longest first", () => {
  it("gives the rows with the highest bounds first, and equal ones as they stand", async () => {
    const { inOrder } = await read(linesOf([10, 4000, 200, 10, 4000, 200]));
    expect(bounds(inOrder)).toEqual([4000, 4000, 200, 200, 10, 10]);
    expect(places(inOrder)).toEqual([1, 4, 2, 5, 0, 3]);
  });

  it("gives the same rows under the same ids as the file has them, repeats and all", async () => {
    const { inOrder, asTheyStand } = await read(linesOf(Array.from({ length: 60 }, (_, row) => 10 ** (1 + (row % 3)))));
    expect(byPlace(inOrder)).toEqual(asTheyStand);
    expect(new Set(inOrder.map(({ id }) => id)).size).toBe(60);
    expect(inOrder.some(({ id }) => id.endsWith("-20"))).toBe(true);
  });

  it("keeps the order of the file where rows hardly differ", async () => {
    expect(places((await read(linesOf([100, 90, 110, 100]))).inOrder)).toEqual([0, 1, 2, 3]);
    const questions = Array.from({ length: 5 }, (_, row) => `${JSON.stringify({ prompt: "x".repeat(100 * row) })}\n`);
    expect(places((await read(questions.join(""))).inOrder)).toEqual([0, 1, 2, 3, 4]);
  });

  it("takes the first rows of the file under a limit, whatever stands below them", async () => {
    const { inOrder } = await read(linesOf([10, 200, 10, 4000]), { limit: 3 });
    expect(places(inOrder)).toEqual([1, 0, 2]);
  });

  it("orders only what is left to do, without a pass for what is done", async () => {
    const { inOrder } = await read(linesOf([10, 4000, 200, 10, 4000, 200]), { skip: (row) => row === 1 || row === 2 });
    expect(places(inOrder)).toEqual([4, 5, 0, 3]);
  });

  it("orders tables and rows with long questions", async () => {
    const { inOrder } = await read(`q\nshort\n"${"long ".repeat(100_000)}"\nshort too\n`, {
      format: "csv",
      prompt: "{{q}}",
    });
    expect(places(inOrder)).toEqual([1, 0, 2]);
  });

  it("notices in any pass that the file was changed", async () => {
    await writeFile(path("in.jsonl"), linesOf([10, 4000]));
    const ordered = longestFirst(await openSource({ path: path("in.jsonl"), encode }));
    const index = await ordered.validate(new AbortController().signal);
    const rows = ordered.rows(index, () => false);
    expect((await rows.next()).value).toMatchObject({ index: 1 });
    await writeFile(path("in.jsonl"), linesOf([11, 4000]));
    await expect(drained(rows)).rejects.toThrow("was changed while");
  });
});
