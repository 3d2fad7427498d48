import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import { demoPrompts } from "../demo-prompts.ts";
import type { Host } from "../host.ts";
import { parseWhole } from "../parse/parse-whole.ts";
import { type Screen, screenOf } from "../run/screen.ts";
import { executeRun } from "../run/execute-run.ts";
import type { DisplayFlags, RunFlags } from "../run/run-flags.ts";
import { planRun } from "../run/run-plan.ts";
import { shellCommand } from "../run/shell-command.ts";
import { UsageError } from "../usage-error.ts";

/** The flags of `sluice demo`, as they were typed. */
export interface DemoFlags {
  readonly rows?: string;
  readonly keep?: string;
}

/** `sluice demo`: the main job on example data, against the embedded provider over real HTTP. @throws UsageError */
export const demo = async (flags: DemoFlags & DisplayFlags, host: Host): Promise<number> => {
  const rows = flags.rows === undefined ? usualRows : parseWhole(flags.rows, "--rows", 1, mostRows);
  const screen = screenOf(flags, false, host);
  const folder = await demoFolder(flags.keep);
  try {
    const simulator = await startSimulator(provider);
    try {
      return await demonstrate({ rows, folder, simulator, screen, host, kept: flags.keep !== undefined });
    } finally {
      await simulator.close();
    }
  } finally {
    if (flags.keep === undefined) await rm(folder, { recursive: true, force: true });
  }
};

const usualRows = 300;
const mostRows = 100_000;

/** Eleven requests a second: the usual rows take half a minute. */
const ownLimit = "660/m";

/** A provider as they are: quotas a little above our own limit, answers that take their time, and now and then a failure. */
const provider = {
  seed: 7,
  requestsPerMinute: 720,
  tokensPerMinute: 60_000,
  burstMs: 2000,
  firstTokenMs: 350,
  tokenMs: 18,
  latencySpread: 0.45,
  outputTokens: 24,
  faults: { "429": 0.01, "500": 0.015, "503": 0.01, reset: 0.01, cut: 0.01, malformed: 0.005, slow: 0.01 },
} as const;

interface Demonstration {
  readonly rows: number;
  readonly folder: string;
  readonly simulator: Simulator;
  readonly screen: Screen;
  readonly host: Host;
  readonly kept: boolean;
}

const demonstrate = async ({ rows, folder, simulator, screen, host, kept }: Demonstration): Promise<number> => {
  const input = join(folder, "questions.csv");
  await writeFile(input, csv(demoPrompts(rows)));
  const flags: RunFlags = {
    model: "demo-model",
    baseUrl: simulator.url,
    prompt: "{{question}}",
    idColumn: "id",
    rpm: ownLimit,
    output: join(folder, "answers.jsonl"),
    fresh: true,
  };
  const words = [
    "sluice",
    "run",
    input,
    "-p",
    "{{question}}",
    "-m",
    "demo-model",
    "--base-url",
    simulator.url,
    "--rpm",
    ownLimit,
  ];
  host.stderr.write(`$ ${shellCommand(words)}\n\n`);
  // The provider ends with the demo, so there is no command that could go on.
  const { command: _, ...plan } = await planRun({ input, flags, words, environment: withoutKeys(host) });
  const exitCode = await executeRun({ ...plan, client: { ...plan.client, apiKey: "demo" } }, screen, host);
  if (exitCode === 0) host.stderr.write(afterwards(simulator, kept ? folder : undefined));
  return exitCode;
};

/** Real keys, and limits that are meant for a real provider, have no business with the embedded one. */
const withoutKeys =
  ({ environment }: Host): Host["environment"] =>
  (name) =>
    name.endsWith("_API_KEY") || name.startsWith("SLUICE_") ? undefined : environment(name);

const csv = (prompts: readonly string[]): string =>
  ["id,question", ...prompts.map((prompt, index) => `q${index + 1},"${prompt.replaceAll('"', '""')}"`), ""].join("\n");

const demoFolder = async (keep: string | undefined): Promise<string> => {
  try {
    if (keep === undefined) return await mkdtemp(join(tmpdir(), "sluice-demo-"));
    await mkdir(keep, { recursive: true });
    return keep;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot make the folder ${keep ?? tmpdir()}`, [why, "next  --keep another/folder"]);
  }
};

const afterwards = (simulator: Simulator, folder: string | undefined): string => {
  const { received, faults } = simulator.ledger();
  const failures = Object.values(faults).reduce((sum, count) => sum + count, 0);
  const kept =
    folder === undefined ? "sluice demo --keep ./demo   keeps the files to look at" : `the files are in ${folder}`;
  return [
    "",
    `shown     ${received} requests over HTTP, never above the limit; ${failures} failed on purpose, and no row was lost`,
    `look      ${kept}`,
    "next      sluice run your.csv -p '… {{column}}' -m openai/gpt-5-mini",
    "",
  ].join("\n");
};
