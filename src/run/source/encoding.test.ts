import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { asks, encode, sourceFolder } from "../../../test/fixtures/source-file.ts";
import { openSource } from "./source.ts";

const { path, read, failure } = sourceFolder();

const table = Buffer.concat([
  Buffer.from("id,text\n"),
  Buffer.from("1,\xc4\xe3\xba\xc3\n2,\xca\xc0\xbd\xe7\n", "latin1"),
]);
const asked = { file: "in.csv", prompt: "{{text}}" };

describe("letters that are not UTF-8", () => {
  it("are read as GB18030 in a table, which is told", async () => {
    const warnings: string[] = [];
    const { rows } = await read(table, { ...asked, warn: (message) => warnings.push(message) });
    expect(asks(rows)).toEqual(["你好", "世界"]);
    expect(warnings).toEqual(["in.csv is not UTF-8; it is read as GB18030 (--encoding says otherwise)"]);
  });

  it("are read as what the user says, in every format", async () => {
    for (const encoding of ["gbk", "GB18030", "gb2312"]) {
      const line = Buffer.concat([Buffer.from('{"prompt":"'), Buffer.from([0xc4, 0xe3]), Buffer.from('"}\n')]);
      expect(asks((await read(line, { encoding })).rows)).toEqual(["你"]);
      expect(asks((await read(line, { file: "in.txt", encoding })).rows)).toEqual(['{"prompt":"你"}']);
      expect(
        asks(
          (await read(Buffer.concat([Buffer.from("["), line, Buffer.from("]")]), { file: "in.json", encoding })).rows,
        ),
      ).toEqual(["你"]);
    }
    expect(
      asks((await read(Buffer.from("caf\xe9", "latin1"), { file: "in.txt", encoding: "windows-1252" })).rows),
    ).toEqual(["café"]);
  });

  it("are known by a byte order mark when they are UTF-16", async () => {
    for (const file of ["in.txt", "in.jsonl"]) {
      const content = Buffer.from('\uFEFF"漢字"\n"b"\n', "utf16le");
      expect((await read(content, { file })).rows).toHaveLength(2);
    }
    const { rows } = await read(Buffer.from("\uFEFFid\ttext\n1\t漢字\n", "utf16le"), { ...asked, file: "in.tsv" });
    expect(asks(rows)).toEqual(["漢字"]);
  });

  it("are named by line and byte where the file is UTF-8 but for some lines", async () => {
    const content = Buffer.concat([
      Buffer.from("text\n漢字\n漢字é\nab"),
      Buffer.from([0xff, 0xfe]),
      Buffer.from("c\n漢\n"),
    ]);
    const error = await failure(content, asked);
    expect(error.message).toContain("in.csv line 4: not valid UTF-8 at byte 23");
  });

  it("are named by line where they are not what the user says", async () => {
    const error = await failure(Buffer.concat([Buffer.from("a\n"), Buffer.from([0x81, 0x20, 0x0a])]), {
      file: "in.txt",
      encoding: "gbk",
    });
    expect(error.message).toContain("in.txt line 2: not valid GBK");
  });

  it("cannot be in an encoding that nobody knows", async () => {
    await writeFile(path("in.csv"), "a\n");
    const opened = openSource({ path: path("in.csv"), encode, encoding: "klingon" });
    await expect(opened).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('"klingon" is not known'),
    });
  });

  it("may be cut anywhere when pieces are read", async () => {
    const text = "你好世界".repeat(300_000);
    const { rows } = await read(`text\n${text}\n`, asked);
    expect(asks(rows)).toEqual([text]);
  });
});
