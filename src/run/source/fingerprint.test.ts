import { appendFile, truncate, utimes, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { drained, encode, sourceFolder } from "../../../test/fixtures/source-file.ts";
import { nodeFs } from "../files/node-fs.ts";
import { changeSince, fingerprintOf } from "./fingerprint.ts";
import { openSource } from "./source.ts";

const { path } = sourceFolder();
const large = "x".repeat(300_000);

describe("the fingerprint of a file", () => {
  it.each([
    ["same", async () => {}],
    ["touched", (file: string) => utimes(file, 1, 1)],
    ["grown", (file: string) => appendFile(file, "more")],
    ["other", (file: string) => truncate(file, 299_999)],
    ["other", (file: string) => writeFile(file, `y${large.slice(1)}`)],
    ["other", (file: string) => writeFile(file, `${large.slice(1)}y`)],
    ["other", (file: string) => writeFile(file, `${large.slice(1)}y and more`)],
  ] as const)("says that it is %s", async (change, act) => {
    await writeFile(path("f"), large);
    const before = await fingerprintOf(path("f"), nodeFs);
    expect(before).toMatchObject({ size: 300_000, head: expect.stringMatching(/^[0-9a-f]{32}$/) });
    await act(path("f"));
    expect(await changeSince(path("f"), before, nodeFs)).toBe(change);
  });
});

describe("an input that is written to while it is worked on", () => {
  const worked = async (act: () => Promise<void>): Promise<{ rows: number; warnings: readonly string[] }> => {
    const file = path("in.jsonl");
    await writeFile(file, '"a"\n"b"\n');
    const warnings: string[] = [];
    const source = await openSource({ path: file, name: "in.jsonl", encode, warn: (text) => warnings.push(text) });
    const index = await source.validate(new AbortController().signal);
    await act();
    const rows = await drained(source.rows(index, () => false));
    await drained(source.rows(index, () => false));
    return { rows: rows.length, warnings };
  };

  it("gives the rows that it had when it has grown, and says so once", async () => {
    const { rows, warnings } = await worked(() => appendFile(path("in.jsonl"), '"c"\n'));
    expect(rows).toBe(2);
    expect(warnings).toEqual(["in.jsonl has grown since it was read; run again to do the new rows"]);
  });

  it("is refused when it has been cut off, or is another one", async () => {
    await expect(worked(() => truncate(path("in.jsonl"), 4))).rejects.toThrow("in.jsonl was changed while");
    await expect(worked(() => writeFile(path("in.jsonl"), '"a"\n"b" \n'))).rejects.toThrow(
      "in.jsonl was changed while",
    );
  });

  it("may be touched, which is told", async () => {
    const { rows, warnings } = await worked(() => utimes(path("in.jsonl"), 1, 1));
    expect([rows, warnings]).toEqual([2, ["in.jsonl was written to while it was being worked on"]]);
  });
});
