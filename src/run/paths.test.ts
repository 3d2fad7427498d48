import { link, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { nodeFs } from "./files/node-fs.ts";
import { checkPaths, defaultOutput, pathsOf } from "./paths.ts";

let folder = "";
let input = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-paths-"));
  input = join(folder, "in.jsonl");
  await writeFile(input, "hello\n");
});

describe("paths of a run", () => {
  it("are made from the output's name", () => {
    expect(pathsOf("a/b.jsonl")).toEqual({
      output: "a/b.jsonl",
      truth: "a/b.jsonl",
      errors: "a/b.errors.jsonl",
      folder: "a/b.run",
    });
    expect(pathsOf("b.v2.ndjson")).toMatchObject({ errors: "b.v2.errors.ndjson", folder: "b.v2.run" });
    expect(pathsOf("results")).toMatchObject({ errors: "results.errors", folder: "results.run" });
    expect(pathsOf("a.b/.hidden")).toMatchObject({ truth: "a.b/.hidden", folder: "a.b/.hidden.run" });
  });

  it("keep the records in the run's folder when the output is made of them in the end", () => {
    for (const output of ["a/b.csv", "a/b.parquet", "a/b.tsv.gz", "a/b.jsonl.gz"]) {
      expect(pathsOf(output)).toEqual({
        output,
        truth: join("a/b.run", "results.jsonl"),
        errors: "a/b.errors.jsonl",
        folder: "a/b.run",
      });
    }
    expect(pathsOf("b.jsonl", "flat")).toMatchObject({ truth: join("b.run", "results.jsonl") });
  });

  it("default to a file beside the input, or to stdout for stdin", () => {
    expect(defaultOutput("data/reviews.csv")).toBe(join("data", "reviews.out.jsonl"));
    expect(defaultOutput("-")).toBe("-");
  });

  it("may be new, or exist as files", async () => {
    const output = join(folder, "new.jsonl");
    await checkPaths(nodeFs, input, pathsOf(output));
    await writeFile(output, "");
    await checkPaths(nodeFs, input, pathsOf(output));
    await checkPaths(nodeFs, "-", pathsOf(output));
  });

  it("are refused when the output is the input, under any name", async () => {
    const other = join(folder, "hard-link.jsonl");
    await link(input, other);
    await expect(checkPaths(nodeFs, input, pathsOf(input))).rejects.toMatchObject({ exitCode: 2 });
    await expect(checkPaths(nodeFs, input, pathsOf(other))).rejects.toThrow(/it is the input itself/);
  });

  it("are refused when the input is the errors file of the output", async () => {
    const errors = join(folder, "out.errors.jsonl");
    await writeFile(errors, "");
    await expect(checkPaths(nodeFs, errors, pathsOf(join(folder, "out.jsonl")))).rejects.toMatchObject({ exitCode: 2 });
  });

  it.each(["a.xlsx", "a.parquet.gz", "a.txt"])("are refused with an ending that is not written: %s", async (name) => {
    await expect(checkPaths(nodeFs, input, pathsOf(join(folder, name)))).rejects.toMatchObject({ exitCode: 2 });
  });

  it("are refused when the folder is missing or a file, or the output is a folder", async () => {
    await mkdir(join(folder, "folder.jsonl"), { recursive: true });
    for (const [name, message] of [
      ["missing/out.jsonl", /the folder .* does not exist/],
      ["in.jsonl/out.jsonl", /is not a folder/],
      ["folder.jsonl", /it is a directory/],
    ] as const) {
      const refusal = checkPaths(nodeFs, input, pathsOf(join(folder, name)));
      await expect(refusal).rejects.toMatchObject({ exitCode: 6, message: expect.stringMatching(message) });
    }
  });
});
