import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { measuredInput } from "../fixtures/measured-input.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-memory-"));
});
afterAll(() => rm(folder, { recursive: true }));

const mebibyte = 1024 * 1024;

const written = async (name: string, ...pieces: readonly [string, ...string[]]): Promise<string> => {
  const file = await open(join(folder, name), "w");
  for (const piece of pieces) await file.write(piece);
  await file.close();
  return join(folder, name);
};

const huge = Array.from({ length: 100 }, () => "x".repeat(mebibyte));

describe("a line of 100 MB", () => {
  it.each([
    ["in.jsonl", ['"fine"\n{"prompt":"', ...huge, '"}\n"fine"\n'], "line 2: longer than 16,777,216 bytes"],
    ["in.txt", [...huge], "line 1: longer than 16,777,216 bytes"],
    ["in.json", ['["fine",\n"', ...huge, '","fine"]'], "line 2: longer than 16,777,216 bytes"],
    ["in.csv", ['q\n"', ...huge, '"\nfine\n'], "line 2: longer than 16,777,216 bytes"],
    [
      "open.csv",
      ['q\n"open\n', ...huge.map((text) => `${text}\n`)],
      "line 2: the row is too long; is a quote left open?",
    ],
  ] as const)("is refused within 200 MB of memory: %s", async (name, pieces, words) => {
    const path = await written(name, ...(pieces as unknown as [string]));
    const { error, peakBytes } = await measuredInput(path, name.endsWith(".csv") ? "{{q}}" : undefined);
    await rm(path);
    expect(error).toContain(words);
    expect(peakBytes / mebibyte).toBeLessThan(200);
  });

  it("is refused within 200 MB of memory where it is packed into a few kilobytes", async () => {
    const file = await open(join(folder, "in.txt.gz"), "w");
    const member = gzipSync(huge[0] ?? "");
    for (let count = 0; count < 300; count++) await file.write(member);
    await file.close();
    const { error, peakBytes } = await measuredInput(join(folder, "in.txt.gz"));
    expect(error).toContain("line 1: longer than 16,777,216 bytes");
    expect(peakBytes / mebibyte).toBeLessThan(200);
  });
});
