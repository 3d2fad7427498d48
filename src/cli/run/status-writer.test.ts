import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { nodeFs } from "../../run/files/node-fs.ts";
import { pathsOf } from "../../run/paths.ts";
import { RunError } from "../../run/run-error.ts";
import type { RunEvent } from "../../run/run-event.ts";
import { knownRuns } from "../../run/status/run-registry.ts";
import type { RunStatus } from "../../run/status/run-status.ts";
import { readStatus } from "../../run/status/status-file.ts";
import { VirtualClock } from "../../time/virtual-clock.ts";
import type { Snapshot } from "../display/snapshot.ts";
import { type StatusWriter, statusWriter, type StatusWriterOptions } from "./status-writer.ts";

const snapshot: Snapshot = {
  phase: "running",
  model: "m",
  input: "in.jsonl",
  output: "out.jsonl",
  elapsedMs: 0,
  rows: 10,
  succeeded: 3,
  failed: 1,
  resumed: 0,
  inFlight: 2,
  queued: 4,
  requestsPerMinute: 59.6,
  tokensPerMinute: 0,
  latency: {},
  firstContent: {},
  retries: 0,
  throttled: 0,
  usage: { inputTokens: 0, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 },
  limits: [],
  heldMs: 0,
};

interface Place {
  readonly writer: StatusWriter;
  readonly status: () => Promise<RunStatus | undefined>;
  readonly known: () => Promise<readonly string[]>;
  readonly start: RunEvent;
  readonly output: string;
}

const place = async (options: Partial<StatusWriterOptions> = {}, cache: "on" | "off" = "on"): Promise<Place> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-writer-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const paths = pathsOf(join(folder, "out.jsonl"));
  await mkdir(paths.folder);
  const variables: Readonly<Record<string, string>> = { XDG_CACHE_HOME: folder, SLUICE_CACHE: cache };
  const writer = statusWriter({
    plan: {
      model: "m",
      command: "sluice run in.jsonl --base-url https://me:secret@example.com/v1 -P api_key=sk-its-own",
    },
    host: { environment: (name) => variables[name], platform: "linux", pid: 7, folder: "/work" },
    clock: new VirtualClock(),
    snapshot: () => snapshot,
    stats: () => ({ attempts: 4, costs: [], unpricedCalls: 0 }),
    ...options,
  });
  onTestFinished(() => writer[Symbol.dispose]());
  const start: RunEvent = {
    type: "start",
    rows: 10,
    resumed: 0,
    permanentlyFailed: 0,
    toSend: 10,
    skippedBlankLines: 0,
    format: "jsonl",
    input: "in.jsonl",
    paths,
  };
  const registry = join(folder, "sluice", "runs.jsonl");
  const known = async (): Promise<readonly string[]> => (await knownRuns(nodeFs, registry)).map((run) => run.output);
  return { writer, start, known, status: () => readStatus(nodeFs, paths.folder), output: paths.output };
};

const until = async <T>(read: () => Promise<T | undefined>): Promise<T> => {
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    await new Promise((resolve) => setImmediate(resolve));
  }
};

describe("what a run says of itself", () => {
  it("stands in its folder from its start on, without passwords and keys", async () => {
    const { writer, status, start } = await place();
    expect(await status()).toBeUndefined();
    writer.listen(start);
    expect(await until(status)).toMatchObject({
      pid: 7,
      phase: "running",
      rows: 10,
      remaining: 6,
      in_flight: 2,
      requests_per_minute: 60,
      command: "sluice run in.jsonl --base-url https://…@example.com/v1 -P api_key=…",
    });
  });

  it("is written again every two seconds, and the run is entered among those of the machine", async () => {
    const clock = new VirtualClock();
    let succeeded = 3;
    const { writer, status, start, known, output } = await place({
      clock,
      snapshot: () => ({ ...snapshot, succeeded }),
    });
    writer.listen(start);
    await until(status);
    succeeded = 5;
    await until(async () => {
      await clock.advance(2000);
      return (await status())?.succeeded === 5 ? true : undefined;
    });
    expect(await until(async () => (await known())[0])).toBe(output);
  });

  it("ends with how the run has ended", async () => {
    const { writer, status, start } = await place();
    writer.listen(start);
    await writer.failed(new RunError("cannot write out.jsonl: no space is left on the disk"));
    expect(await status()).toMatchObject({
      phase: "ended",
      outcome: "error",
      exit_code: 6,
      in_flight: 0,
      message: expect.stringContaining("no space") as string,
    });
  });

  it("is kept nowhere else where SLUICE_CACHE is off, and nowhere when the run never began", async () => {
    const { writer, start, known, status } = await place({}, "off");
    await writer.failed(new Error("early"));
    expect(await status()).toBeUndefined();
    writer.listen(start);
    await writer.failed(new Error("late"));
    expect(await known()).toEqual([]);
    expect(await status()).toMatchObject({ exit_code: 1 });
  });
});
