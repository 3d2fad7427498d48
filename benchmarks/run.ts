/**
 * What a run of very many rows takes: memory, the journal's share, opening a finished run again, and what each command
 * pays for beginning at all. The provider is the simulator, in another process on the same machine.
 */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createLLM } from "../src/client/create-llm.ts";
import type { Fs } from "../src/run/files/fs.ts";
import { nodeFs } from "../src/run/files/node-fs.ts";
import { runFile } from "../src/run/run-file.ts";
import { finishedRun } from "../test/fixtures/finished-run.ts";
import { journalCost } from "../test/fixtures/journal-cost.ts";
import { measuredRun } from "../test/fixtures/measured-run.ts";
import { mutedJournal } from "../test/fixtures/muted-journal.ts";
import { profiledShare } from "../test/fixtures/profiled-share.ts";
import { reopenedRun } from "../test/fixtures/reopened-run.ts";
import { simulatorApart } from "../test/fixtures/simulator-apart.ts";

const { values } = parseArgs({ options: { rows: { type: "string", default: "100000" }, part: { type: "string" } } });
const rows = Number(values.rows);
const program = fileURLToPath(new URL("../dist/cli/bin.js", import.meta.url));
const mebibyte = 1024 * 1024;

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;

const inFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-bench-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
};

const help = async (): Promise<void> => {
  const msOf = (words: readonly string[]): number => {
    const startedAt = performance.now();
    execFileSync(process.execPath, words, { stdio: "ignore" });
    return performance.now() - startedAt;
  };
  const pairs = Array.from({ length: 10 }, () => [msOf(["-e", "0"]), msOf([program, "--help"])] as const);
  const [node, ours] = [median(pairs.map(([bare]) => bare)), median(pairs.map(([, own]) => own))];
  console.log(`sluice --help       ${ours.toFixed(0)} ms, of which node itself ${node.toFixed(0)} ms`);
};

const reopen = (): Promise<void> =>
  inFolder(async (folder) => {
    const { input, output, journal } = await finishedRun(folder, rows);
    const noted = await reopenedRun(output, rows);
    console.log(
      `reopened            ${noted.done.toLocaleString("en")} rows in ${(noted.wallMs / 1000).toFixed(2)} s, ` +
        `${(noted.cpuMs / 1000).toFixed(2)} s CPU, ${Math.round(noted.grownBytes / mebibyte)} MiB`,
    );
    const startedAt = performance.now();
    const words = ["run", input, "-o", output, "-m", "sim", "--base-url", "http://127.0.0.1:1/v1"];
    execFileSync(process.execPath, [program, ...words], { stdio: "ignore", cwd: folder });
    console.log(`sluice run, nothing to do  ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    await rm(journal);
    const read = await reopenedRun(output, rows);
    console.log(`without the journal ${(read.wallMs / 1000).toFixed(2)} s, ${(read.cpuMs / 1000).toFixed(2)} s CPU`);
  });

const memory = (): Promise<void> =>
  inFolder(async (folder) => {
    using simulator = await simulatorApart();
    const run = await measuredRun({ program, folder, rows, baseURL: simulator.url });
    console.log(
      `memory              ${(run.growthPer100kRows / mebibyte).toFixed(2)} MiB more for each 100,000 rows, ` +
        `at most ${Math.round(run.mostBytes / mebibyte)} MiB`,
    );
    console.log(
      `                    ${((1000 * run.cpuMs) / rows).toFixed(0)} µs CPU a row, ${Math.round(run.wallMs / 1000)} s`,
    );
    if (run.exitCode !== 0) throw new Error(run.stderr);
  });

const journal = (): Promise<void> =>
  inFolder(async (folder) => {
    using simulator = await simulatorApart();
    const input = join(folder, "in.jsonl");
    const lines = Array.from({ length: 10_000 }, (_, row) => `{"prompt":"question ${row}"}\n`);
    await writeFile(input, lines.join(""));
    const cpuOf = async (fs: Fs): Promise<number> => {
      await using llm = createLLM({ model: "sim", baseURL: simulator.url, limits: { maxConcurrent: 64 } });
      const before = process.cpuUsage();
      await runFile({ input, output: join(folder, "out.jsonl"), llm, model: "sim", fs, fresh: true });
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const ratios: number[] = [];
    for (let round = 0; round < 6; round++) {
      const ratio = (await cpuOf(nodeFs)) / (await cpuOf(mutedJournal(nodeFs)));
      // The first round warms up the compiler and the server.
      if (round > 0) ratios.push(ratio);
    }
    console.log(
      `journal written     ${median(ratios).toFixed(3)} times the CPU of a run that writes none (${ratios.map((ratio) => ratio.toFixed(3)).join(" ")})`,
    );
    console.log(`journal alone       ${(await journalCost(folder, 100_000)).toFixed(1)} µs CPU a row`);
    const profiled = join(folder, "profiled");
    const execArgv = ["--cpu-prof", `--cpu-prof-dir=${profiled}`];
    const run = await measuredRun({ program, folder, rows: 20_000, baseURL: simulator.url, execArgv });
    console.log(`                    of ${((1000 * run.cpuMs) / 20_000).toFixed(0)} µs CPU a row of a whole run`);
    // By the clock: it holds the time that the process waited for the disk, or for a processor.
    console.log(`journal, profiled   ${(100 * (await profiledShare(profiled, /\/run\/journal\//u))).toFixed(2)} %`);
  });

const parts: Readonly<Record<string, () => Promise<void>>> = { help, reopen, journal, memory };
console.log(
  `${rows.toLocaleString("en")} rows, Node ${process.version}, load of the machine ${loadavg()[0]?.toFixed(1)}`,
);
for (const [name, part] of Object.entries(parts)) if (values.part === undefined || values.part === name) await part();
