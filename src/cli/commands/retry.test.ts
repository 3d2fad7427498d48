import { mkdtemp, readFile, writeFile } from "node:fs/promises";
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
