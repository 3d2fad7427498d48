import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { finishedRun } from "../fixtures/finished-run.ts";
import { journalCost } from "../fixtures/journal-cost.ts";
import { measuredRun } from "../fixtures/measured-run.ts";
import { reopenedRun } from "../fixtures/reopened-run.ts";
import { simulatorApart } from "../fixtures/simulator-apart.ts";

const million = 1_000_000;
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
      const run = await measuredRun({ program, folder, rows: million, baseURL: simulator.url });
      const { exitCode, stderr, growthPer100kRows, mostBytes, cpuMs, wallMs } = run;
      console.log(
        `${(growthPer100kRows / mebibyte).toFixed(2)} MiB a 100,000 rows, at most ${Math.round(mostBytes / mebibyte)} MiB; ` +
          `${((1000 * cpuMs) / million).toFixed(0)} µs CPU a row, ${Math.round(wallMs / 1000)} s`,
      );
      expect(exitCode, stderr).toBe(0);
      const state = JSON.parse(await readFile(join(folder, "out.run/state.json"), "utf8")) as { succeeded: number };
      expect(state.succeeded).toBe(million);
      expect(growthPer100kRows / mebibyte).toBeLessThan(1);
      expect(mostBytes / mebibyte).toBeLessThan(500);
    },
    longest,
  );

  it("is found done from its journal, in bounded memory and at a fraction of what reading its answers takes", async () => {
    const { output, journal } = await finishedRun(folder, million);
    const noted = await reopenedRun(output, million);
    await rm(journal);
    const read = await reopenedRun(output, million);
    console.log("reopened by the journal", noted, "by the answers", read);
    expect([noted.done, read.done]).toEqual([million, million]);
    expect(noted.cpuMs / read.cpuMs).toBeLessThan(0.6);
    expect(noted.grownBytes / mebibyte).toBeLessThan(150);
  });
});

it("the journal takes less than 5 % of the CPU of a run", async () => {
  using simulator = await simulatorApart();
  const rows = 20_000;
  const run = await measuredRun({ program, folder, rows, baseURL: simulator.url });
  const [cost, whole] = [await journalCost(folder, rows), (1000 * run.cpuMs) / rows];
  console.log(`the journal: ${cost.toFixed(1)} of ${whole.toFixed(0)} µs CPU a row`);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(cost / whole).toBeLessThan(0.05);
});
