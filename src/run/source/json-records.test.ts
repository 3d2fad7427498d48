import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asks, sourceFolder } from "../../../test/fixtures/source-file.ts";
import { ListSplitter } from "./list-splitter.ts";

const { read, failure } = sourceFolder();
const file = "in.json";

const elementsOf = (content: Buffer, chunkBytes: number, maxBytes = 1000): { texts: string[]; lines: number[] } => {
  const splitter = new ListSplitter(maxBytes);
  const [texts, lines]: [string[], number[]] = [[], []];
  for (let at = 0; at < content.length; at += chunkBytes) {
    for (const { bytes, number } of splitter.push(content.subarray(at, at + chunkBytes)).elements) {
      texts.push(bytes.toString());
      lines.push(number);
    }
  }
  expect(splitter.end()).toBeUndefined();
  return { texts, lines };
};

describe("a list of JSON", () => {
  it("gives a row for each element, with the line where it begins", async () => {
    const { rows, source } = await read('\uFEFF[\n  {"prompt": "a"},\r\n  "b",\n\n{"prompt":\n"c"} ]\n', { file });
    expect(source.format).toBe("json");
    expect(asks(rows)).toEqual(["a", "b", "c"]);
    expect(rows.map(({ line }) => line)).toEqual([2, 3, 5]);
  });

  it("is empty when it has no elements, or the file has nothing", async () => {
    for (const content of ["[]", " [ \n ] \n", "", "\n"]) expect((await read(content, { file })).index.rows).toBe(0);
  });

  it("is divided in the same way wherever its bytes are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.json()),
        fc.constantFrom("", " ", "\n", "\r\n\t"),
        fc.integer({ min: 1, max: 9 }),
        (all, space, cut) => {
          const values = all.filter((json) => json !== "");
          const content = Buffer.from(`[${space}${values.join(`${space},${space}`)}${space}]${space}`);
          const { texts } = elementsOf(content, cut, 100_000);
          expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual(
            values.map((json) => JSON.parse(json) as unknown),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['[{"prompt":"a"} {"prompt":"b"}]', 1, "a comma or ] must follow a row, not {"],
    ['[{"prompt":"a"},\n]', 2, "a row must follow the comma, not ]"],
    ['[{"prompt":"a"}]\n\nmore', 3, "nothing may follow the list, not m"],
    ['[{"prompt":"a"},\n{"prompt":"b"', 2, "the file ends before the list does"],
    ['[{"prompt":"a"}', 1, "the file ends before the list does"],
    ['[\n{"prompt":["b"}\n]', 2, "closed by the wrong bracket on line 2"],
    ["[,]", 1, "a row or ] must follow, not ,"],
  ])("says where it goes wrong for good: %j", async (content, line, words) => {
    const error = await failure(content, { file });
    expect(error).toMatchObject({ name: "InputError", line, exitCode: 2 });
    expect(error.message).toContain(words);
    expect(error.message).toContain("could not be looked at");
  });

  it("names every element that is no row, and the line inside of it where it stops being JSON", async () => {
    const error = await failure('[\n{"prompt":"a",},\n{"prompt":\n  nul},\n"fine",\n{"prompt":"open,\n"x":1},\n5]', {
      file,
    });
    expect(error.message).toContain("4 rows of the input cannot be sent");
    expect(error.message).toContain("in.json line 2, byte 2: not valid JSON");
    expect(error.message).toContain("in.json line 4, byte 19: not valid JSON");
    expect(error.message).toContain("in.json line 6");
    expect(error.message).toContain("in.json line 8, byte 71: a row must be an object or a text, got a number");
  });

  it("refuses an element that is too long, and reads the others", async () => {
    const error = await failure(`["${"x".repeat(100)}","b"]`, { file, maxLineBytes: 20 });
    expect(error.message).toContain("in.json line 1: longer than 20 bytes");
    const { rows, index } = await read(`["${"x".repeat(100)}","b"]`, { file, maxLineBytes: 20, inputErrors: "skip" });
    expect([asks(rows), index.invalid]).toEqual([["b"], 1]);
  });
});
