import { rm } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { folder, parseRecords, provider, readRecords, sluice, writeRows } from "./cli.ts";

describe("sluice errors and sluice show", () => {
  it("show the failed rows of a run by cause, and each row, by any of the run's names", async () => {
    const [{ url }, at] = [await provider({ faults: { "400": 0.4 } }), await folder()];
    await writeRows(at("in.jsonl"), 30);
    const run = await sluice(["run", "in.jsonl", "-m", "m", "--base-url", url, "-o", "labels.jsonl"], { cwd: at(".") });
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/^ {2}next {2}sluice errors labels\.jsonl {3}see them$/m);
    expect(run.stderr).toMatch(/^ {2}calls +30 {3}30 attempts {3}0 retries/m);
    const failed = (await readRecords(at("labels.errors.jsonl"))).map((record) => record.custom_id);
    const here = { cwd: at(".") };

    const shown = await sluice(["errors", "labels.jsonl"], here);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain(`labels.errors.jsonl   ${failed.length} failed of 30`);
    expect(shown.stdout).toMatch(/^1 {2}invalid_request +\d+ rows +HTTP 400 +m +1 attempt +not retryable$/m);
    expect(shown.stdout).toContain("sluice retry labels.jsonl --code invalid_request");

    const ids = await sluice(["errors", "labels.run", "--ids", "--code", "invalid_request"], here);
    expect(ids.stdout.trimEnd().split("\n")).toEqual(failed);
    const json = await sluice(["errors", "labels.errors.jsonl", "--json", "--limit", "1"], here);
    expect(JSON.parse(json.stdout)).toMatchObject({ failed: failed.length, rows: 30, causes: [{ status: 400 }] });

    const row = await sluice(["show", "labels.jsonl", failed[0] ?? ""], here);
    expect(row.stdout).toMatch(/^r\d+ {3}failed: invalid_request HTTP 400 {3}labels\.errors\.jsonl$/m);
    expect(row.stdout).toMatch(/^user\n {2}question \d+$/m);

    const answered = (await readRecords(at("labels.jsonl")))[0]?.custom_id ?? "";
    const other = await sluice(["show", "labels.jsonl", answered], here);
    expect(other.stdout).toMatch(/^user\n {2}question \d+\n\nanswer\n {2}\S/m);
    const raw = await sluice(["show", "labels.jsonl", answered, "--json"], here);
    expect(parseRecords(raw.stdout)).toMatchObject([{ custom_id: answered, response: { status_code: 200 } }]);

    await rm(at("in.jsonl"));
    const without = await sluice(["show", "labels.jsonl", answered], { ...here, environment: { LANG: "zh_CN.UTF-8" } });
    expect(without.stdout).toContain("无法显示提示词");
    expect(without.code).toBe(0);
  });

  it("say what is meant when a run or a row is not there, with 6 and 2", async () => {
    const [{ url }, at] = [await provider(), await folder()];
    await writeRows(at("in.jsonl"), 3);
    await sluice(["run", at("in.jsonl"), "-m", "m", "--base-url", url, "-o", at("labels.jsonl")]);
    const none = await sluice(["errors", at("labels.jsonl")]);
    expect([none.code, none.stdout]).toEqual([0, `${at("labels.jsonl")}: no row has failed\n`]);
    const mistyped = await sluice(["errors", at("lables.jsonl")]);
    expect(mistyped.stderr).toContain(`did you mean ${at("labels.jsonl")}?`);
    const noRow = await sluice(["show", at("labels.jsonl"), "r9"]);
    expect(noRow.stderr).toContain('has no row "r9"');
    expect([mistyped.code, noRow.code]).toEqual([6, 2]);
  });
});
