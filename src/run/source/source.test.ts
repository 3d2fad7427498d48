import { mkdir, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { openSource } from "./source.ts";
import { asks, drained, encode, sourceFolder } from "../../../test/fixtures/source-file.ts";

const { path, read, failure } = sourceFolder();

describe("files", () => {
  it("reads a byte order mark, CRLF, blank lines, and a last line without newline", async () => {
    const { rows, index } = await read('\uFEFF{"prompt":"a"}\r\n\r\n  \n{"prompt":"b"}');
    expect(asks(rows)).toEqual(["a", "b"]);
    expect(rows.map((row) => row.line)).toEqual([1, 4]);
    expect(index).toMatchObject({ rows: 2, skippedBlankLines: 2 });
  });

  it("finds no rows in an empty file, and no fault", async () => {
    for (const content of ["", "\n\n", "\uFEFF"]) {
      for (const file of ["in.jsonl", "in.csv", "in.txt", "in"]) {
        expect((await read(content, { file, prompt: "{{x}}{{#if y}}{{/if}}" })).index.rows).toBe(0);
      }
    }
  });

  it("names the line that is not UTF-8", async () => {
    const gbk = Buffer.concat([
      Buffer.from('{"prompt":"a"}\n{"prompt":"'),
      Buffer.from([0xc4, 0xe3]),
      Buffer.from('"}\n'),
    ]);
    expect(await failure(gbk)).toMatchObject({
      line: 2,
      exitCode: 2,
      message: expect.stringContaining("line 2: not valid UTF-8"),
    });
    expect((await failure(Buffer.from("a\nb\xc4", "latin1"), { file: "in.txt" })).message).toContain("at byte 3");
  });

  it("says why a file cannot be read", async () => {
    await mkdir(path("sub"));
    const open = (file: string): Promise<unknown> => openSource({ path: file, encode });
    await expect(open(path("none"))).rejects.toMatchObject({
      exitCode: 6,
      message: expect.stringContaining("no such file"),
    });
    await expect(open(path("sub"))).rejects.toMatchObject({
      exitCode: 6,
      message: expect.stringContaining("is a directory"),
    });
    await expect(open("/dev/null")).rejects.toMatchObject({
      exitCode: 6,
      message: expect.stringContaining("read twice"),
    });
  });

  it("knows the format by ending, else by content", async () => {
    const formats = [
      ["x.ndjson", "{}", "jsonl"],
      ["x.tsv", "q", "tsv"],
      ["x.txt", "{not json}", "text"],
      ["x", ' {"prompt":1}', "jsonl"],
      ["x", '"text"', "jsonl"],
      ["x", "[INST] hi", "text"],
      ["x", 'id,"q"\n1,2', "csv"],
      ["x", "id\tq\n1\t2", "tsv"],
      ["x", "id;q\n1;2", "csv"],
      ["x", "plain, words", "text"],
      ["x", '[{"prompt":1}]', "json"],
      ["x", "[\n", "json"],
      ["x.json", "[1", "json"],
      ["x.json", '{"prompt":1}\n{"prompt":2}', "jsonl"],
    ] as const;
    for (const [file, content, format] of formats) {
      await writeFile(path(file), content);
      expect((await openSource({ path: path(file), encode, prompt: "{{q}}" })).format).toBe(format);
    }
  });

  it("refuses files that it cannot read, and says what to do", async () => {
    await writeFile(path("reviews.csv"), "a\n1\n");
    await expect(openSource({ path: path("review.csv"), encode })).rejects.toMatchObject({
      exitCode: 6,
      message: expect.stringMatching(/there is no such file\n {2}did you mean .*reviews\.csv\?$/),
    });
    expect((await failure('{"data":[', { file: "in.json" })).message).toContain("jq -c '.data[]'");
    expect((await failure("x", { file: "in.xlsx" })).message).toContain("save it as .csv first");
    expect((await failure("x", { file: "in.zip" })).message).toContain("unzip");
  });

  it("takes a plain text line as a prompt, or as the column `prompt` of a template", async () => {
    expect(asks((await read("one\n\ntwo\n", { file: "in.txt" })).rows)).toEqual(["one", "two"]);
    expect(asks((await read("one\n", { file: "in.txt", prompt: "Say {{prompt}}" })).rows)).toEqual(["Say one"]);
  });

  it("takes only the first rows, and does not look at the rest", async () => {
    const { rows } = await read('{"prompt":"a"}\n{"prompt":"b"}\nnot json\n', { limit: 2 });
    expect(asks(rows)).toEqual(["a", "b"]);
    await expect(read("", { limit: 0 })).rejects.toThrow('"limit" must be a positive integer, got 0');
  });

  it("passes over rows without parsing them", async () => {
    const { source, index } = await read('{"prompt":"a"}\n{"prompt":"b"}\n{"prompt":"c"}\n');
    await writeFile(path("in.jsonl"), 'broken......!!\n{"prompt":"b"}\n{"prompt":"c"}\n');
    const rows: number[] = [];
    const readAll = async (): Promise<void> => {
      for await (const row of source.rows(index, (place) => place === 0)) rows.push(row.index);
    };
    await expect(readAll()).rejects.toThrow("was changed while");
    expect(rows).toEqual([1, 2]);
  });

  it("notices that the file was changed between checking and sending", async () => {
    for (const content of ['{"prompt":"a"}\n{"prompt":"x"}\n', '{"prompt":"a"}\n', '{"prompt":"a"}\n{"prom']) {
      const { source, index } = await read('{"prompt":"a"}\n{"prompt":"b"}\n');
      await writeFile(path("in.jsonl"), content);
      await expect(drained(source.rows(index, () => false))).rejects.toThrow("was changed while");
    }
  });

  it("stops when its signal is aborted", async () => {
    const { source, index } = await read('{"prompt":"a"}\n');
    const stop = AbortSignal.abort(new Error("stop"));
    await expect(source.validate(stop)).rejects.toThrow("stop");
    await expect(source.rows(index, () => false, stop).next()).rejects.toThrow("stop");
  });
});
