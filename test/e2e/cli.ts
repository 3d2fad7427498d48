import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { inject, onTestFinished } from "vitest";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../src/simulator/simulator.ts";

/** How a command ended, and what it said. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** What it has written to stderr so far. */
  stderr(): string;
}

export interface CommandOptions {
  readonly stdin?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** An open file to write to. @default a pipe that is read */
  readonly stdoutFile?: number;
  /** The working directory. @default the repository's */
  readonly cwd?: string;
}

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Compiled once for all tests; `SLUICE_TEST_BIN` names another built program to test instead. */
const program = process.env["SLUICE_TEST_BIN"] ?? join(inject("program"), "src/cli/bin.js");

/** Starts `sluice` with an environment of its own, in which nothing is kept from run to run. It is killed when the test ends. */
export const start = (
  words: readonly string[],
  { stdin, environment = {}, stdoutFile, cwd = root }: CommandOptions = {},
): Running => {
  const child = spawn(process.execPath, [program, ...words], {
    cwd,
    env: { PATH: process.env["PATH"], HOME: tmpdir(), LANG: "C.UTF-8", SLUICE_CACHE: "off", ...environment },
    stdio: ["pipe", stdoutFile ?? "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin?.on("error", () => {});
  child.stdin?.end(stdin ?? "");
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, finished, stderr: () => stderr };
};

/** Runs `sluice` to its end. */
export const sluice = (words: readonly string[], options?: CommandOptions): Promise<Finished> =>
  start(words, options).finished;

/** A provider for one test. */
export const provider = async (options?: SimulatorOptions): Promise<Simulator> => {
  const simulator = await startSimulator(options);
  onTestFinished(() => simulator.close());
  return simulator;
};

/** A folder for one test, and paths in it. */
export const folder = async (): Promise<(name: string) => string> => {
  const path = await mkdtemp(join(tmpdir(), "sluice-e2e-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return (name) => join(path, name);
};

/** Writes a JSONL input of prompts `question 1` … with ids `r1` …. */
export const writeRows = (path: string, count: number): Promise<void> =>
  writeFile(
    path,
    Array.from({ length: count }, (_, index) => {
      const row = { custom_id: `r${index + 1}`, prompt: `question ${index + 1}` };
      return `${JSON.stringify(row)}\n`;
    }).join(""),
  );

/** A record of an output or errors file. */
export interface OutputRecord {
  readonly custom_id: string;
  readonly response: { readonly status_code: number; readonly body: { readonly choices?: readonly unknown[] } } | null;
  readonly error: { readonly code: string } | null;
  readonly meta?: { readonly error_code?: string };
}

export const readRecords = async (path: string): Promise<readonly OutputRecord[]> =>
  parseRecords(await readFile(path, "utf8"));

export const parseRecords = (text: string): readonly OutputRecord[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as OutputRecord);

/** Waits until something is so; the test's own time limit ends it otherwise. */
export const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
};
