import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "./input-error.ts";
import { type Line, type LineOptions, readLines } from "./lines.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-lines-"));
});
afterAll(() => rm(folder, { recursive: true }));

const linesOf = async (content: string | Uint8Array, options: LineOptions = {}): Promise<Line[]> => {
  const path = join(folder, "file");
  await writeFile(path, content);
  const lines: Line[] = [];
  for await (const batch of readLines(path, options)) lines.push(...batch);
  return lines;
};
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("readLines", () => {
  it("gives number, offset, length and text of each line, whatever its ending", async () => {
    const lines = await linesOf("one\r\n\ntwo é\nlast\r");
    expect(lines.map(({ number, offset, length, complete, text }) => [number, offset, length, complete, text])).toEqual(
      [
        [1, 0, 5, true, "one"],
        [2, 5, 1, true, ""],
        [3, 6, 7, true, "two é"],
        [4, 13, 5, false, "last\r"],
      ],
    );
  });

  it("drops a byte order mark from the text, not from the length", async () => {
    const [line] = await linesOf("\uFEFF\n\uFEFFx");
    expect([line?.text, line?.length, line?.isBlank]).toEqual(["", 4, true]);
    const [marked] = await linesOf("\uFEFFa");
    expect([marked?.text, marked?.bytes.length, marked?.length]).toEqual(["a", 1, 4]);
  });

  it("finds nothing in an empty file, and no line after the last newline", async () => {
    expect(await linesOf("")).toEqual([]);
    expect(await linesOf("a\n")).toHaveLength(1);
  });

  it("gives the same lines at every chunk boundary", async () => {
    const piece = fc.constantFrom("a", "\n", "\r\n", "\r", "é", "漢", " ", '{"a":1}');
    await fc.assert(
      fc.asyncProperty(fc.array(piece), fc.integer({ min: 1, max: 9 }), async (pieces, chunkBytes) => {
        const content = pieces.join("");
        const seen = await linesOf(content, { chunkBytes });
        const expected = content.split("\n");
        const last = expected.pop();
        if (last !== "") expected.push(last ?? "");
        const texts = expected.map((text, index) =>
          index < expected.length - (last === "" ? 0 : 1) ? text.replace(/\r$/, "") : text,
        );
        expect(seen.map((line) => line.text)).toEqual(texts);
        expect(seen.reduce((sum, line) => sum + line.length, 0)).toBe(Buffer.byteLength(content));
        for (const [index, line] of seen.entries()) {
          const before = seen[index - 1];
          expect(line.offset).toBe(before === undefined ? 0 : before.offset + before.length);
          expect(line.isUtf8).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("keeps the lines of earlier batches intact", async () => {
    const lines = await linesOf("aa\nbb\ncc\ndd\n", { chunkBytes: 3 });
    expect(lines.map((line) => line.text)).toEqual(["aa", "bb", "cc", "dd"]);
  });

  it("begins at a byte", async () => {
    const [line] = await linesOf("aa\nbb\n", { from: 3 });
    expect([line?.number, line?.offset, line?.text]).toEqual([1, 3, "bb"]);
  });

  it("says which line is not UTF-8, and still gives a text for it", async () => {
    const lines = await linesOf(Buffer.from([0x61, 0x0a, 0xb0, 0xa1, 0x0a]));
    expect(lines.map((line) => line.isUtf8)).toEqual([true, false]);
    expect(lines[1]?.text).toContain("\uFFFD");
  });

  it("refuses a line beyond the bound, complete or not", async () => {
    for (const content of [`a\n${"x".repeat(20)}\n`, `a\n${"x".repeat(20)}`]) {
      const error = await failure(linesOf(content, { maxLineBytes: 10, chunkBytes: 4, name: "big" }));
      expect(error).toBeInstanceOf(InputError);
      expect(error).toMatchObject({
        line: 2,
        exitCode: 2,
        message: expect.stringContaining("big line 2: longer than"),
      });
    }
  });

  it("says why a file cannot be read", async () => {
    const read = async (path: string): Promise<unknown> => failure(readLines(path).next());
    expect(await read(join(folder, "none"))).toMatchObject({
      exitCode: 6,
      message: expect.stringContaining("no such"),
    });
    expect(await read(folder)).toMatchObject({ exitCode: 6, message: expect.stringContaining("is a directory") });
  });

  it("stops when its signal is aborted", async () => {
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    expect(await failure(linesOf("a\n", { signal: controller.signal }))).toMatchObject({ message: "enough" });
  });
});
