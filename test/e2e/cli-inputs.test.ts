import { writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { folder, provider, readRecords, sluice } from "./cli.ts";

describe("sluice run over several inputs", () => {
  it("expands a quoted pattern, reads what is packed and in GBK, and tells what it skipped", async () => {
    const [simulator, at] = [await provider(), await folder()];
    await writeFile(at("1.csv"), Buffer.concat([Buffer.from("prompt\n"), Buffer.from([0xc4, 0xe3, 0x0a])]));
    await writeFile(at("2.csv.gz"), gzipSync("prompt;n\na;1\nb\n"));
    const words = ["run", at("*.csv*"), "-o", at("all.jsonl"), "-m", "m", "--base-url", simulator.url];
    const refused = await sluice(words);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("2.csv.gz line 3: the row has 1 cell, the header has 2");
    expect(simulator.ledger().received).toBe(0);
    const { code, stderr } = await sluice([...words, "--input-errors", "skip"]);
    expect(code).toBe(3);
    expect(stderr).toContain("1.csv is not UTF-8; it is read as GB18030");
    expect(stderr).toContain("1 row cannot be sent and is recorded as failed");
    expect(await readRecords(at("all.jsonl"))).toHaveLength(2);
    expect(await readRecords(at("all.errors.jsonl"))).toMatchObject([{ error: { code: "invalid_request" } }]);
  });

  it("needs -o for them, and says so", async () => {
    const at = await folder();
    await writeFile(at("a.jsonl"), '{"prompt":"a"}\n');
    await writeFile(at("b.jsonl"), '{"prompt":"b"}\n');
    const { code, stderr } = await sluice([
      "run",
      at("a.jsonl"),
      at("b.jsonl"),
      "-m",
      "m",
      "--base-url",
      "http://127.0.0.1:9/v1",
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/error: several inputs need a name for their results.*\n {2}next {2}-o results\.jsonl/);
  });
});
