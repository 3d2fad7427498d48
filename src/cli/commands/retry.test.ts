import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, it, onTestFinished } from "vitest";
import { commandHere, type Said } from "../../../test/fixtures/command-here.ts";
import { simulated } from "../../../test/fixtures/simulated.ts";

interface Place {
  readonly at: (name: string) => string;
  readonly run: (...more: readonly string[]) => Promise<Said>;
  readonly retry: (...more: readonly string[]) => Promise<Said>;
}

/** A run of three rows without ids, all of which failed. */
const failedRun = async (fault: "400" | "500" = "400", more: readonly string[] = []): Promise<Place> => {
  const bad = await simulated({ faults: { [fault]: 1 } });
  const folder = await mkdtemp(join(tmpdir(), "sluice-retry-"));
  const at = (name: string): string => join(folder, name);
  const before = process.cwd();
  process.chdir(folder);
  onTestFinished(() => process.chdir(before));
  await writeFile(at("reviews.csv"), "text,stars\ngood,5\nbad,1\nodd,3\n");
  const words = ["run", at("reviews.csv"), "-m", "m", "-o", at("labels.jsonl"), "--retries", "0", "-p", "Say {{text}}"];
  const run: Place["run"] = (...others) => commandHere([...words, ...others], { folder });
  const retry: Place["retry"] = (...others) => commandHere(["retry", at("labels.jsonl"), ...others], { folder });
  expect((await run("--base-url", bad.url, ...more)).code).toBe(3);
  return { at, run, retry };
};

const idsIn = async (path: string): Promise<string[]> =>
  [...(await readFile(path, "utf8")).matchAll(/"custom_id":"([^"]*)"/g)].map(([, id]) => id ?? "").toSorted();

describe("sluice retry", () => {
  it("runs failed rows again as the run was started, but for what is given now, under the ids that they have", async () => {
    const [{ at, retry }, good] = [await failedRun(), await simulated()];
    const ids = await idsIn(at("labels.errors.jsonl"));
    const { code, stderr } = await retry("--all", "--base-url", good.url, "-m", "other", "-P", "temperature=0");
    expect(stderr).toContain("3 ok");
    expect(code).toBe(0);
    expect(await idsIn(at("labels.jsonl"))).toEqual(ids);
    expect((await readFile(at("labels.jsonl"), "utf8")).match(/"model":"other","provider"/g)).toHaveLength(3);
    expect(
      good
        .ledger()
        .entries.map(({ prompt }) => prompt)
        .toSorted(),
    ).toEqual(["Say bad", "Say good", "Say odd"]);
    await expect(readFile(at("labels.errors.jsonl"))).rejects.toThrow("ENOENT");
    expect(await retry()).toMatchObject({ code: 0, stderr: expect.stringContaining("nothing to retry") });
  });

  it("leaves what would fail again, unless --all or its --code is given", async () => {
    const [{ retry }, good] = [await failedRun(), await simulated()];
    const left = await retry("--base-url", good.url);
    expect(left).toMatchObject({ code: 3, stderr: expect.stringContaining("--all sends them") });
    const none = await retry("--base-url", good.url, "--code", "timeout");
    expect(none.stderr).toContain("no row failed with timeout; there are: invalid_request 3");
    expect(good.ledger().received).toBe(0);
    const wrong = await retry("--code", "timeuot");
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("did you mean timeout?") });
    expect((await retry("--base-url", good.url, "--code", "invalid_request,timeout")).code).toBe(0);
    expect(good.ledger().received).toBe(3);
  });

  it("works without the manifest, and from one that does not hold the secrets of the command", async () => {
    const { at, retry } = await failedRun("500", ["-P", "user.api_key=s3cr3t-s3cr3t"]);
    const manifest = at("labels.run/manifest.json");
    expect(await readFile(manifest, "utf8")).not.toContain("s3cr3t");
    const [bad, good] = [await simulated({ faults: { "500": 1 } }), await simulated()];
    expect((await retry("--base-url", bad.url)).code).toBe(3);
    expect(bad.ledger().received).toBe(3);
    await writeFile(manifest, "{}");
    expect((await retry("-m", "m", "--base-url", good.url)).code).toBe(0);
    expect(await readFile(at("labels.jsonl"), "utf8")).toContain('"custom_id":"row-');
  });

  it("makes the table of a run anew, with its input or without", async () => {
    const [{ at, run }, bad, good] = [await failedRun(), await simulated({ faults: { "500": 1 } }), await simulated()];
    const folder = at(".");
    for (const [output, columns] of [
      ["with.csv", "text,stars,output"],
      ["without.csv", "custom_id,output"],
    ] as const) {
      expect((await run("-o", at(output), "--base-url", bad.url)).code).toBe(3);
      if (output === "without.csv") await rm(at("reviews.csv"));
      const { code } = await commandHere(["retry", at(output), "--base-url", good.url], { folder });
      expect([output, code]).toEqual([output, 0]);
      const [header, ...rows] = (await readFile(at(output), "utf8")).trimEnd().split("\r\n");
      expect(header).toContain(columns);
      expect(rows.filter((row) => row.includes(",ok,"))).toHaveLength(3);
    }
  });

  it("reads the input as the run has: several files of a pattern, in their letters, and so do show and export", async () => {
    const [{ at }, bad, good] = [await failedRun(), await simulated({ faults: { "500": 1 } }), await simulated()];
    const folder = at(".");
    // The two characters for "good" in GBK.
    await writeFile(at("part-1.csv"), Buffer.from([...Buffer.from("id,text\na,"), 0xba, 0xc3, 0x0a]));
    await writeFile(at("part-2.csv"), "id,text\nb,fine\nc,more than --limit takes\n");
    const words = ["-p", "Say {{text}}", "--id-column", "id", "--encoding", "gbk", "--limit", "2", "-m", "m"];
    const place = ["-o", "parts.csv", "--base-url", bad.url, "--retries", "0"];
    expect((await commandHere(["run", "part-*.csv", ...words, ...place], { folder })).code).toBe(3);
    const shown = await commandHere(["show", "parts", "a"], { folder });
    expect(shown.stdout).toContain("Say 好");
    const { code } = await commandHere(["retry", "parts.errors.jsonl", "--base-url", good.url], { folder });
    expect(code).toBe(0);
    expect(
      good
        .ledger()
        .entries.map(({ prompt }) => prompt)
        .toSorted(),
    ).toEqual(["Say fine", "Say 好"]);
    const exported = await commandHere(["export", "parts.run", "-o", "-", "--fields", "id,text,_status"], { folder });
    expect(exported.code).toBe(2);
    const flat = ["-o", "-", "--format", "flat", "--fields", "id,text,_status"];
    expect((await commandHere(["export", "parts.run", ...flat], { folder })).stdout.trimEnd().split("\n")).toEqual([
      '{"id":"a","text":"好","_status":"ok"}',
      '{"id":"b","text":"fine","_status":"ok"}',
    ]);
  });

  it("says what it cannot do: no such run, flags that make no sense", async () => {
    const { at, retry } = await failedRun();
    const folder = at(".");
    const missing = await commandHere(["retry", at("nothing.jsonl")], { folder });
    expect(missing).toMatchObject({ code: 6, stderr: expect.stringContaining("nothing.jsonl") });
    for (const words of [["-o", "x.jsonl"], ["--fresh"], ["--retry-errors", "all"], ["--all", "--code", "timeout"]]) {
      expect(await retry(...words)).toMatchObject({ code: 2, stderr: expect.stringContaining(words[0] ?? "") });
    }
  });
});

describe("sluice run", () => {
  it("refuses other settings than those of the answered rows, with commands that can be copied", async () => {
    const [{ run, retry }, good] = [await failedRun(), await simulated()];
    await retry("--all", "--base-url", good.url);
    const { code, stderr } = await run("--base-url", good.url, "-p", "Shout {{text}}");
    expect(code).toBe(2);
    expect(stderr).toMatch(/prompt {2}- Say \{\{text\}\}\n +\+ Shout/);
    expect(stderr).toMatch(/sluice run \S*reviews\.csv .* --accept-config-change\n/);
    expect(good.ledger().received).toBe(3);
    expect((await run("--base-url", good.url)).code).toBe(0);
  });
});
