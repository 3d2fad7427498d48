import { describe, expect, it } from "vitest";
import { asks, drained, sourceFolder } from "../../../test/fixtures/source-file.ts";
import type { InvalidRow } from "./read-rows.ts";

const { read, failure } = sourceFolder();

const invalidOf = async (rows: AsyncIterable<InvalidRow>): Promise<InvalidRow[]> => {
  const all: InvalidRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
};

const id = (name: string, prompt: string): string => `${JSON.stringify({ custom_id: name, prompt })}\n`;

describe("an input with rows that cannot be sent", () => {
  it("is refused with each of them: the line, the byte, what is there and what is wrong", async () => {
    const { message } = await failure('{"prompt":"a"}\n{"prompt":5}\n\n{"prompt":"b",}\n{"q":1}\n{"q":2}\n[]\n');
    expect(message.split("\n")).toEqual([
      "5 rows of the input cannot be sent  (nothing was sent)",
      '  in.jsonl line 2, byte 15: "prompt" must be a text, got a number',
      '    {"prompt":5}',
      "  in.jsonl line 4, byte 29: not valid JSON",
      '    {"prompt":"b",}',
      "                  ^ unexpected }",
      "  in.jsonl line 5, byte 45: neither a prompt, nor messages, nor a request body",
      '    {"q":1}',
      "    columns    q",
      "    make a prompt of its columns:  -p '… {{q}}'",
      "  in.jsonl line 6, byte 53: neither a prompt, nor messages, nor a request body",
      '    {"q":2}',
      "  in.jsonl line 7, byte 61: a row must be an object or a text, got a list",
      "    []",
      "  run the others without these:  --input-errors skip",
    ]);
  });

  it("shows the first twenty, and counts all", async () => {
    const { message } = await failure("5\n".repeat(1234));
    expect(message).toContain("1,234 rows of the input cannot be sent");
    expect(message.match(/in\.jsonl line/g)).toHaveLength(20);
    expect(message).toContain("\n  and 1,214 more");
  });

  it("is not told to go on without them when no row is right", async () => {
    expect((await failure("5\n6\n")).message).not.toContain("--input-errors");
    expect((await failure("5\n")).message).not.toContain("--input-errors");
    expect((await failure('5\n"a"\n')).message).toContain("--input-errors skip");
  });

  it("names every repeated id with both of its lines", async () => {
    const { message } = await failure(id("a", "1") + id("b", "2") + id("a", "3") + id("b", "4") + id("a", "5"));
    for (const [line, name, first] of [
      [3, "a", 1],
      [4, "b", 2],
      [5, "a", 1],
    ] as const) {
      expect(message).toMatch(new RegExp(`line ${line}, byte \\d+: the id "${name}" stands on line ${first} too`));
    }
  });

  it("goes on without them when it is told to, and tells them apart", async () => {
    const content = `${id("a", "1")}5\n${id("a", "2")}5\n{"prompt":"x"}\n`;
    const { source, index, rows } = await read(content, { inputErrors: "skip" });
    expect([index.rows, index.invalid, asks(rows)]).toEqual([5, 3, ["1", "x"]]);
    expect(rows.map((row) => row.index)).toEqual([0, 4]);
    const invalid = await invalidOf(source.invalidRows(index));
    expect(invalid.map(({ line, reason }) => [line, reason])).toEqual([
      [2, "a row must be an object or a text, got a number"],
      [3, 'the id "a" stands on line 1 too'],
      [4, "a row must be an object or a text, got a number"],
    ]);
    const ids = invalid.map((row) => row.id);
    expect(ids[0]).toMatch(/^invalid-[0-9a-f]{12}$/);
    expect(ids[2]).toBe(`${ids[0]}-2`);
    expect(invalid.map((row) => index.find(row.id))).toEqual([1, 2, 3]);
  });

  it("counts them among the first rows that are taken", async () => {
    const { rows, index } = await read('5\n5\n"a"\n"b"\n', { inputErrors: "skip", limit: 3 });
    expect([asks(rows), index.rows, index.invalid]).toEqual([["a"], 3, 2]);
  });

  it("cannot be gone on with where the file itself is broken", async () => {
    const error = await failure("a,b,a\n1,2,3\n", { file: "in.csv", prompt: "{{a}}", inputErrors: "skip" });
    expect(error.message).toContain('two columns are named "a"');
    expect((await failure('[5,"a" "b"]', { file: "in.json" })).message).toMatch(
      /2 rows.*\n.*got a number\n.*5\n.*a comma or \]/,
    );
  });

  it("is refused again when a row was put right while it was being worked on", async () => {
    const { source, index } = await read('5\n"a"\n', { inputErrors: "skip" });
    await read('"b"\n"a"\n');
    await expect(invalidOf(source.invalidRows(index))).rejects.toThrow("was changed while");
    await expect(drained(source.rows(index, () => false))).rejects.toThrow("was changed while");
  });
});
