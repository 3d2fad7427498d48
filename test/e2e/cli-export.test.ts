import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { folder, provider, readRecords, sluice, writeRows } from "./cli.ts";

describe("sluice export", () => {
  it("writes the results of a run into files of other kinds, and to stdout", async () => {
    const [{ url }, at] = [await provider(), await folder()];
    await writeRows(at("in.jsonl"), 20);
    await sluice(["run", at("in.jsonl"), "-m", "m", "--base-url", url]);
    await writeFile(at("a.csv"), "an earlier one");
    const run = at("in.out.jsonl");
    const csv = await sluice([
      "export",
      run,
      "-o",
      at("a.csv"),
      "--fields",
      "custom_id,_status",
      "--csv-bom",
      "--force",
    ]);
    expect(csv).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("20 rows → ") });
    const ids = Array.from({ length: 20 }, (_, row) => `r${row + 1}`);
    expect(await readFile(at("a.csv"), "utf8")).toBe(
      `\uFEFFcustom_id,_status\r\n${ids.map((id) => `${id},ok\r\n`).join("")}`,
    );
    const stdout = await sluice(["export", at("in.out.run"), "-o", "-"]);
    const lines = stdout.stdout.trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { custom_id: string }).custom_id)).toEqual(ids);
    expect(await readRecords(run)).toHaveLength(20);
  });

  it("refuses what it would overwrite, and what it does not know, and says what to do", async () => {
    const [{ url }, at] = [await provider(), await folder()];
    await writeRows(at("in.jsonl"), 2);
    await sluice(["run", at("in.jsonl"), "-m", "m", "--base-url", url]);
    await writeFile(at("a.csv"), "mine");
    const run = at("in.out.jsonl");
    const cases: readonly (readonly [readonly string[], string])[] = [
      [[run, "-o", at("a.csv")], "--force overwrites it"],
      [[run, "-o", run, "--force"], "it belongs to the run itself"],
      [[run, "-o", at("b.csv"), "--fields", "_statu"], "did you mean _status?"],
    ];
    await Promise.all(
      cases.map(async ([words, message]) => {
        const { code, stderr } = await sluice(["export", ...words]);
        expect(stderr).toContain(message);
        expect(code).toBe(2);
      }),
    );
    expect(await readFile(at("a.csv"), "utf8")).toBe("mine");
  });
});
