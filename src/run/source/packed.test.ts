import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { asks, sourceFolder } from "../../../test/fixtures/source-file.ts";

const { read, failure } = sourceFolder();

const lines = Array.from({ length: 20_000 }, (_, place) => `{"prompt":"question ${place} ${"é漢".repeat(9)}"}\n`).join(
  "",
);

describe("a file packed by gzip", () => {
  it.each([
    ["in.jsonl.gz", '{"prompt":"a"}\n{"prompt":"b"}\n', "jsonl"],
    ["in.csv.gz", "prompt\na\nb\n", "csv"],
    ["in.json.gz", '["a","b"]', "json"],
    ["in.txt.gz", "a\nb", "text"],
    ["stdin.spool", '{"prompt":"a"}\n{"prompt":"b"}', "jsonl"],
  ])("is read as what is in it: %s", async (file, content, format) => {
    const { rows, source } = await read(gzipSync(content), { file });
    expect([asks(rows), source.format]).toEqual([["a", "b"], format]);
  });

  it("may have several members, and be no gzip at all", async () => {
    const members = Buffer.concat([gzipSync("a\nb"), gzipSync("c\n"), gzipSync("d")]);
    expect(asks((await read(members, { file: "in.txt.gz" })).rows)).toEqual(["a", "bc", "d"]);
    expect(asks((await read("plain\n", { file: "in.txt.gz" })).rows)).toEqual(["plain"]);
  });

  it("gives the same rows as the file itself", async () => {
    const packed = await read(gzipSync(lines), { file: "in.jsonl.gz" });
    expect(packed.rows).toEqual((await read(lines)).rows);
  });

  it("is refused when it is cut off or damaged, wherever", async () => {
    const whole = gzipSync(lines);
    for (const length of [1, 5, 11, 1000, whole.length - 9, whole.length - 1]) {
      const error = await failure(whole.subarray(0, length), { file: "in.jsonl.gz" });
      expect(error.name, `after ${length} bytes`).toBe("InputError");
      expect(error.message).toMatch(/packed data ends too early, after [\d,]+ bytes of its content/);
    }
    expect((await failure("", { file: "in.jsonl.gz" })).message).toContain("ends too early: the file is empty");
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, 5000, 5100);
    expect((await failure(damaged, { file: "in.jsonl.gz" })).message).toContain("the packed data is damaged");
  });

  it("is never unpacked into a line longer than lines may be", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, "x"));
    expect(bomb.length).toBeLessThan(100_000);
    const error = await failure(bomb, { file: "in.txt.gz" });
    expect(error.message).toContain("in.txt.gz line 1: longer than 16,777,216 bytes");
  });
});
