import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { LockOwner } from "../files/lock-owner.ts";
import { nodeFs } from "../files/node-fs.ts";
import { lookAtRun, type RunLook } from "./look-at-run.ts";
import { knownRuns, registerRun } from "./run-registry.ts";
import { parseStatus, type RunStatus, statusText } from "./run-status.ts";
import { readStatus, writeStatus } from "./status-file.ts";

const folder = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), "sluice-status-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
};

const running: RunStatus = {
  version: 1,
  pid: 7,
  host: "here",
  model: "m",
  input: "in.jsonl",
  output: "out.jsonl",
  cwd: "/",
  phase: "running",
  rows: 10,
  succeeded: 4,
  failed: 1,
  resumed: 0,
  remaining: 5,
  in_flight: 2,
  requests_per_minute: 60,
  attempts: 5,
  costs: [{ amount: 1, currency: "USD" }],
  unpriced_calls: 0,
  started_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-01T00:00:10.000Z",
};

const now = Date.parse("2026-01-01T00:00:11.000Z");

describe("the status of a run", () => {
  it("is read as it was written, and nothing else is", async () => {
    const path = await folder();
    expect(await readStatus(nodeFs, path)).toBeUndefined();
    await writeStatus(nodeFs, path, running);
    expect(await readStatus(nodeFs, path)).toEqual(running);
    for (const text of ["", "{", "null", "[]", '{"version":2}', statusText({ ...running, pid: "7" as never })]) {
      expect(parseStatus(text)).toBeUndefined();
    }
  });
});

const look = async (
  status: RunStatus | undefined,
  lock: object | undefined,
  alive: readonly number[],
): Promise<RunLook["state"]> => {
  const path = await folder();
  if (status !== undefined) await writeStatus(nodeFs, path, status);
  if (lock !== undefined) await writeFile(join(path, "lock"), JSON.stringify(lock));
  const owner: LockOwner = { pid: 1, host: "here", isAlive: (pid) => alive.includes(pid) };
  return (await lookAtRun({ folder: path }, { fs: nodeFs, owner, now })).state;
};

describe("a look at a run", () => {
  const lock = { pid: 7, host: "here", started_at: "2026-01-01T00:00:00.000Z" };

  it("tells a run that goes on from one that was killed", async () => {
    expect(await look(running, lock, [7])).toBe("running");
    expect(await look(running, lock, [])).toBe("killed");
    expect(await look(running, undefined, [7])).toBe("killed");
  });

  it("is not deceived by another process with the number of a dead one", async () => {
    expect(await look({ ...running, updated_at: "2025-12-31T20:00:00.000Z" }, lock, [7])).toBe("killed");
  });

  it("knows a run that reads its input by its lock, whatever the one before has said", async () => {
    expect(await look(undefined, lock, [7])).toBe("reading");
    expect(await look({ ...running, pid: 6, exit_code: 0 }, lock, [7])).toBe("reading");
  });

  it("tells what has ended, and what never said anything", async () => {
    expect(await look({ ...running, phase: "ended", exit_code: 3 }, undefined, [])).toBe("ended");
    expect(await look(undefined, undefined, [])).toBe("unknown");
  });
});

describe("the registry of runs", () => {
  it("lists the newest first, each output once, and passes over what is no entry", async () => {
    const path = join(await folder(), "deep", "sluice", "runs.jsonl");
    for (const output of ["/a", "/b", "/a"]) await registerRun(nodeFs, path, { output, started_at: "2026" });
    await writeFile(path, `${await readFile(path, "utf8")}{"torn`);
    expect((await knownRuns(nodeFs, path)).map((run) => run.output)).toEqual(["/a", "/b"]);
    expect(await knownRuns(nodeFs, "/nonexistent/runs.jsonl")).toEqual([]);
  });

  it("keeps the newest two hundred", async () => {
    const path = join(await folder(), "runs.jsonl");
    for (let run = 0; run <= 401; run++) await registerRun(nodeFs, path, { output: `/${run}`, started_at: "2026" });
    const runs = await knownRuns(nodeFs, path);
    expect(runs.length).toBeLessThanOrEqual(200);
    expect(runs[0]?.output).toBe("/401");
    expect((await readFile(path, "utf8")).split("\n").length).toBeLessThan(403);
  });

  it("fails for nobody when it cannot be written", async () => {
    const path = await folder();
    await mkdir(join(path, "runs.jsonl"));
    await registerRun(nodeFs, join(path, "runs.jsonl"), { output: "/a", started_at: "2026" });
    await registerRun(nodeFs, "/proc/none/runs.jsonl", { output: "/a", started_at: "2026" });
  });
});
