import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { provider, readRecords, sluice, start, until } from "./cli.ts";
import { place, type Place } from "./cli-place.ts";

const csv = ["text,stars", "good,5", "bad,1", "odd,3", ""].join("\n");

/** A run of three rows without ids, all of which failed. */
const failedRun = async (fault: "400" | "500" = "400", more: readonly string[] = []): Promise<Place> => {
  const bad = await provider({ faults: { [fault]: 1 } });
  const there = await place({ "reviews.csv": csv });
  const words = ["run", "reviews.csv", "-p", "Say {{text}}", "-m", "m", "--base-url", bad.url, "-o", "labels.jsonl"];
  const { code } = await there.here([...words, "--retries", "0", ...more]);
  expect(code).toBe(3);
  return there;
};

const failedIds = async ({ at }: Place): Promise<string[]> =>
  (await readRecords(at("labels.errors.jsonl"))).map(({ custom_id }) => custom_id).toSorted();

describe("sluice retry", () => {
  it("runs failed rows again as the run was started, but for what is given now, under the ids that they have", async () => {
    const [there, good] = [await failedRun(), await provider()];
    const ids = await failedIds(there);
    const other = ["--all", "--base-url", good.url, "-m", "other", "-P", "temperature=0"];
    const { code, stderr } = await there.here(["retry", "labels.jsonl", ...other]);
    expect(stderr).toContain("3 ok");
    expect(code).toBe(0);
    const records = await readRecords(there.at("labels.jsonl"));
    expect(records.map(({ custom_id }) => custom_id).toSorted()).toEqual(ids);
    expect(records.every((record) => JSON.stringify(record).includes('"model":"other"'))).toBe(true);
    expect(
      good
        .ledger()
        .entries.map(({ prompt }) => prompt)
        .toSorted(),
    ).toEqual(["Say bad", "Say good", "Say odd"]);
    await expect(readFile(there.at("labels.errors.jsonl"))).rejects.toThrow("ENOENT");
    const again = await there.here(["retry", "labels.jsonl"]);
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining("nothing to retry")]);
  });

  it("leaves what would fail again, unless --all or its --code is given", async () => {
    const [there, good] = [await failedRun(), await provider()];
    const left = await there.here(["retry", "labels.jsonl", "--base-url", good.url]);
    expect([left.code, left.stderr]).toEqual([
      3,
      expect.stringContaining("sluice retry labels.jsonl --all sends them"),
    ]);
    const none = await there.here(["retry", "labels.run", "--base-url", good.url, "--code", "timeout"]);
    expect(none.stderr).toContain("no row failed with timeout; there are: invalid_request 3");
    expect(good.ledger().received).toBe(0);
    const wrong = await there.here(["retry", "labels.jsonl", "--code", "timeuot"]);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("did you mean timeout?")]);
    expect(
      (await there.here(["retry", "labels.jsonl", "--base-url", good.url, "--code", "invalid_request"])).code,
    ).toBe(0);
  });

  it("works from another folder, from an input that is gone, and from one that was piped", async () => {
    const [there, good] = [await failedRun(), await provider()];
    await mkdir(there.at("elsewhere"));
    const cwd = there.at("elsewhere");
    const retry = ["retry", "../labels.jsonl", "--all", "--base-url"];
    const bad = await provider({ faults: { "500": 1 } });
    const still = await there.here([...retry, bad.url], { cwd });
    expect([still.code, still.stderr]).toEqual([3, expect.stringMatching(/cd \S+ && sluice run reviews\.csv/)]);
    await rm(there.at("reviews.csv"));
    expect((await there.here([...retry, good.url, "-p", "Shout {{text}}"], { cwd })).code).toBe(2);
    expect((await there.here([...retry, good.url], { cwd })).code).toBe(0);
    expect(await readRecords(there.at("labels.jsonl"))).toHaveLength(3);
    const piped = ["run", "-", "-m", "m", "--base-url", bad.url, "--retries", "0", "-o", "piped.jsonl"];
    expect((await there.here(piped, { stdin: "one\ntwo\n" })).code).toBe(3);
    const { code } = await there.here(["retry", "piped.jsonl", "--base-url", good.url]);
    expect(code).toBe(0);
    expect(good.ledger().entries.map(({ prompt }) => prompt)).toEqual(
      expect.arrayContaining(["Say odd", "one", "two"]),
    );
  });

  it("loses no record of a failure when it is killed", async () => {
    const there = await failedRun("500");
    const before = await failedIds(there);
    const slow = await provider({ faults: { "500": 0.5 }, firstTokenMs: 100, seed: 3 });
    const words = ["retry", there.at("labels.jsonl"), "--base-url", slow.url, "-j", "1"];
    for (let kills = 1; kills <= 3; kills++) {
      const received = slow.ledger().received;
      const running = start(words);
      await until(() => slow.ledger().received > received);
      running.child.kill("SIGKILL");
      await running.finished;
      const answered = (await readRecords(there.at("labels.jsonl"))).map(({ custom_id }) => custom_id);
      expect([...new Set([...answered, ...(await failedIds(there))])].toSorted()).toEqual(before);
    }
    const good = await provider();
    const last = await sluice([...words.slice(0, 2), "--base-url", good.url]);
    expect(last.code).toBe(0);
    const records = await readRecords(there.at("labels.jsonl"));
    expect(records.map(({ custom_id }) => custom_id).toSorted()).toEqual(before);
  });

  it("says what it cannot do: no such run, a flag of its own, a secret that was not kept", async () => {
    const there = await failedRun("500", ["-P", "user.api_key=s3cr3t-s3cr3t"]);
    const says = async (...words: readonly string[]): Promise<readonly [number | null, string]> => {
      const { code, stderr } = await there.here(["retry", ...words]);
      return [code, stderr];
    };
    expect(await says("nothing.jsonl")).toEqual([2, expect.stringContaining("there is no run nothing.jsonl")]);
    expect(await says("labels.jsonl", "-o", "x.jsonl")).toEqual([2, expect.stringContaining("-o cannot be given")]);
    expect(await says("labels.jsonl")).toEqual([2, expect.stringContaining("--param held a secret")]);
    expect(await readFile(there.at("labels.run/manifest.json"), "utf8")).not.toContain("--param s3cr3t");
    await rename(there.at("labels.run/manifest.json"), there.at("labels.run/old.json"));
    await writeFile(there.at("labels.run/manifest.json"), "{}");
    const good = await provider();
    expect((await says("labels.jsonl", "-m", "m", "--base-url", good.url))[0]).toBe(0);
  });

  it("refuses a run under other settings with commands that can be copied", async () => {
    const there = await failedRun();
    const good = await provider();
    await there.here(["retry", "labels.jsonl", "--all", "--base-url", good.url]);
    const words = [
      "run",
      "reviews.csv",
      "-p",
      "Shout {{text}}",
      "-m",
      "m",
      "--base-url",
      good.url,
      "-o",
      "labels.jsonl",
    ];
    const { code, stderr } = await there.here(words);
    expect(code).toBe(2);
    expect(stderr).toMatch(/prompt {2}- Say \{\{text\}\}\n +\+ Shout/);
    expect(stderr).toMatch(/sluice run reviews\.csv .* --accept-config-change\n/);
    expect(good.ledger().received).toBe(3);
  });
});
