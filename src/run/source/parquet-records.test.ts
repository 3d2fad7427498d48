import { ByteWriter, parquetWrite, parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { asks, sourceFolder } from "../../../test/fixtures/source-file.ts";

const { read, failure } = sourceFolder();
const file = "in.parquet";

const columnData = [
  { name: "id", data: [1n, 9_007_199_254_740_993n, 3n], type: "INT64" as const },
  { name: "text", data: ["good", "漢字", "bad"], type: "STRING" as const },
  { name: "stars", data: [5, 4, 1], type: "INT32" as const },
  { name: "seen", data: [new Date(0), new Date(86_400_000), new Date(1)], type: "TIMESTAMP" as const },
  { name: "more", data: [{ a: [1, { b: "x" }] }, null, 7], type: "JSON" as const },
];

describe("a table of Parquet", () => {
  it("gives its rows in the order of its groups, whatever they hold", async () => {
    const content = new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 2 }));
    const { rows, source } = await read(content, { file, prompt: "{{id}} {{text}} {{stars}} {{seen}} {{more}}" });
    expect(source.format).toBe("parquet");
    expect(asks(rows)).toEqual([
      '1 good 5 1970-01-01T00:00:00.000Z {"a":[1,{"b":"x"}]}',
      "9007199254740993 漢字 4 1970-01-02T00:00:00.000Z ",
      "3 bad 1 1970-01-01T00:00:00.001Z 7",
    ]);
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 3]);
  });

  it("is known by its first bytes, and may bring ids of its own", async () => {
    const content = new Uint8Array(parquetWriteBuffer({ columnData }));
    const { rows } = await read(content, { file: "stdin.spool", prompt: "{{text}}", idColumn: "id" });
    expect(rows.map(({ id }) => id)).toEqual(["1", "9007199254740993", "3"]);
  });

  it("takes a prompt from a column of that name, and names the row that has none", async () => {
    const prompts = { name: "prompt", data: ["a", null, "c"], type: "STRING" as const };
    const content = new Uint8Array(parquetWriteBuffer({ columnData: [prompts] }));
    const error = await failure(content, { file });
    expect(error.message).toContain("in.parquet row 2: neither a prompt, nor messages");
    expect(asks((await read(content, { file, inputErrors: "skip" })).rows)).toEqual(["a", "c"]);
  });

  it("names all its columns when a template asks for one that is not there", async () => {
    const content = new Uint8Array(parquetWriteBuffer({ columnData }));
    const { message } = await failure(content, { file, prompt: "{{txt}}" });
    expect(message).toContain("columns    id, text, stars, seen, more        did you mean {{text}}?");
  });

  it("reads of a file only what it needs", async () => {
    const wide = {
      name: "wide",
      data: ["x", "y", "z"].map((letter) => letter.repeat(5_000_000)),
      type: "STRING" as const,
    };
    const writer = new ByteWriter();
    await parquetWrite({ writer, columnData: [...columnData, wide], codec: "UNCOMPRESSED" });
    const content = new Uint8Array(writer.getBuffer());
    let readBytes = 0;
    const { nodeFs } = await import("../files/node-fs.ts");
    const fs: typeof nodeFs = {
      ...nodeFs,
      open: async (path, how) => {
        const opened = await nodeFs.open(path, how);
        const counted = Object.create(opened) as typeof opened;
        counted.read = (into, position) => {
          readBytes += into.length;
          return opened.read(into, position);
        };
        counted.size = () => opened.size();
        counted.close = () => opened.close();
        return counted;
      },
    };
    await read(content, { file, prompt: "{{text}}", fs });
    expect(readBytes).toBeLessThan(content.length / 4);
  });

  it("is refused when it is damaged, cut off or something else", async () => {
    const content = new Uint8Array(parquetWriteBuffer({ columnData }));
    for (const broken of [content.subarray(0, 200), new Uint8Array(100), Buffer.from("PAR1"), new Uint8Array(0)]) {
      const error = await failure(broken, { file, prompt: "{{text}}" });
      expect(error).toMatchObject({ name: "InputError", exitCode: 6 });
      expect(error.message).toContain("cannot read in.parquet: not a Parquet file that can be understood");
    }
    const { message } = await failure(Buffer.from("hi\n"), { file, prompt: "{{text}}" });
    expect(message).toContain("it is cut off, or another format");
  });
});
