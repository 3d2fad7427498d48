import { rm } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { provider, readRecords, sluice, start, until } from "./cli.ts";
import { place, type Place } from "./cli-place.ts";

const csv = ["text,stars", "good,5", "bad,1", "odd,3", ""].join("\n");

/** A run of three rows without ids, all of which failed. */
const failedRun = async (): Promise<Place> => {
  const bad = await provider({ faults: { "500": 1 } });
  const there = await place({ "reviews.csv": csv, "elsewhere/note": "" });
  const words = ["run", "reviews.csv", "-p", "Say {{text}}", "-m", "m", "--base-url", bad.url, "-o", "labels.jsonl"];
  expect((await there.here([...words, "--retries", "0"])).code).toBe(3);
  return there;
};

const failedIds = async ({ at }: Place): Promise<string[]> =>
  (await readRecords(at("labels.errors.jsonl"))).map(({ custom_id }) => custom_id).toSorted();

describe("sluice retry", () => {
  it("works from another folder, and with an input that was piped or is gone", async () => {
    const [there, good] = [await failedRun(), await provider()];
    const cwd = there.at("elsewhere");
    const bad = await provider({ faults: { "500": 1 } });
    const still = await there.here(["retry", "../labels.jsonl", "--base-url", bad.url], { cwd });
    expect([still.code, still.stderr]).toEqual([3, expect.stringMatching(/sluice retry \S+labels\.jsonl/)]);
    await rm(there.at("reviews.csv"));
    const { code } = await there.here(["retry", "../labels.jsonl", "--base-url", good.url], { cwd });
    expect(code).toBe(0);
    expect(await readRecords(there.at("labels.jsonl"))).toHaveLength(3);
    const piped = ["run", "-", "-m", "m", "--base-url", bad.url, "--retries", "0", "-o", "piped.jsonl"];
    expect((await there.here(piped, { stdin: "one\ntwo\n" })).code).toBe(3);
    expect((await there.here(["retry", "piped.jsonl", "--base-url", good.url])).code).toBe(0);
    expect(good.ledger().entries.map(({ prompt }) => prompt)).toEqual(
      expect.arrayContaining(["Say odd", "one", "two"]),
    );
  });

  it("loses no record of a failure when it is killed", async () => {
    const there = await failedRun();
    const before = await failedIds(there);
    const slow = await provider({ faults: { "500": 0.5 }, firstTokenMs: 100, seed: 3 });
    const words = ["retry", there.at("labels.jsonl"), "--base-url", slow.url, "-j", "1"];
    for (let kills = 1; kills <= 2; kills++) {
      const { received } = slow.ledger();
      const running = start(words);
      await until(() => slow.ledger().received > received);
      running.child.kill("SIGKILL");
      await running.finished;
      const answered = (await readRecords(there.at("labels.jsonl"))).map(({ custom_id }) => custom_id);
      expect([...new Set([...answered, ...(await failedIds(there))])].toSorted()).toEqual(before);
    }
    const good = await provider();
    expect((await sluice([...words.slice(0, 2), "--base-url", good.url])).code).toBe(0);
    const records = await readRecords(there.at("labels.jsonl"));
    expect(records.map(({ custom_id }) => custom_id).toSorted()).toEqual(before);
  });
});
