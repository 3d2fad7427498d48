import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { TestContext } from "vitest";
import type { ClockPlan, ClockReport } from "./clock-child.ts";

/** A child that makes calls by a clock of its own. */
export interface ClockProcess {
  readonly child: ChildProcess;
  /** Its calls are about to begin. */
  readonly started: Promise<void>;
  readonly report: Promise<ClockReport>;
}

const source = fileURLToPath(new URL("./clock-child.ts", import.meta.url));

/** Starts a child; `environment` may give it a false time. It is killed when the test ends: tests of clocks run side by side. */
export const clockProcess = (
  { onTestFinished }: Pick<TestContext, "onTestFinished">,
  plan: ClockPlan,
  environment: Readonly<Record<string, string>> = {},
): ClockProcess => {
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), source, JSON.stringify(plan)], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const started = new Promise<void>((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (stdout.includes("started")) resolve();
    });
  });
  const report = new Promise<ClockReport>((resolve, reject) => {
    child.on("close", (code, signal) => {
      if (code === 0) resolve(JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as ClockReport);
      else reject(new Error(`The child ended with ${code ?? signal}: ${stderr}`));
    });
  });
  // Whoever waits for the report hears of its failure; a test that has failed before does not.
  report.catch(() => undefined);
  return { child, started, report };
};

const folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib", "/usr/lib64", "/usr/local/lib"];

/** Where the library is that gives a process a false time: Debian's package `faketime`. */
export const fakeTimeLibrary = (): string => {
  const found = folders.map((folder) => `${folder}/faketime/libfaketimeMT.so.1`).find((path) => existsSync(path));
  if (found === undefined) throw new Error("libfaketime is not installed: apt-get install faketime");
  return found;
};
