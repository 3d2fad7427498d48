import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { finishedRun } from "../fixtures/finished-run.ts";
import { measuredRun } from "../fixtures/measured-run.ts";
import { profiledShare } from "../fixtures/profiled-share.ts";
import { reopenedRun } from "../fixtures/reopened-run.ts";
import { simulatorApart } from "../fixtures/simulator-apart.ts";

const rows = 1_000_000;
const mebibyte = 1024 * 1024;
const longest = 7_200_000;
const program = join(inject("program"), "src/cli/bin.js");

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-million-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe("a run of 1,000,000 rows", () => {
  it(
    "takes no more memory the longer it lasts, and answers every row",
    async () => {
      using simulator = await simulatorApart();
      const run = await measuredRun({ program, folder, rows, baseURL: simulator.url });
      const { exitCode, stderr, growthPer100kRows, mostBytes, cpuMs, wallMs } = run;
      console.log(
        `${(growthPer100kRows / mebibyte).toFixed(2)} MiB a 100,000 rows, at most ${Math.round(mostBytes / mebibyte)} MiB; ` +
          `${((1000 * cpuMs) / rows).toFixed(0)} µs CPU a row, ${Math.round(wallMs / 1000)} s`,
      );
      expect(exitCode, stderr).toBe(0);
      const state = JSON.parse(await readFile(join(folder, "out.run/state.json"), "utf8")) as { succeeded: number };
      expect(state.succeeded).toBe(rows);
      expect(growthPer100kRows / mebibyte).toBeLessThan(1);
      expect(mostBytes / mebibyte).toBeLessThan(500);
    },
    longest,
  );

  it("is found done from its journal, in bounded memory and at a fraction of what reading its answers takes", async () => {
    const { output, journal } = await finishedRun(folder, rows);
    const noted = await reopenedRun(output, rows);
    await rm(journal);
    const read = await reopenedRun(output, rows);
    console.log("reopened by the journal", noted, "by the answers", read);
    expect([noted.done, read.done]).toEqual([rows, rows]);
    expect(noted.cpuMs / read.cpuMs).toBeLessThan(0.6);
    expect(noted.grownBytes / mebibyte).toBeLessThan(150);
  });
});

it("the journal takes less than 5 % of what a run of 100,000 rows takes", async () => {
  using simulator = await simulatorApart();
  const execArgv = ["--cpu-prof", `--cpu-prof-dir=${folder}`];
  const run = await measuredRun({ program, folder, rows: 100_000, baseURL: simulator.url, execArgv });
  const share = await profiledShare(folder, /\/run\/journal\//u);
  console.log(`the journal: ${(100 * share).toFixed(2)} %`);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(share).toBeLessThan(0.05);
});
