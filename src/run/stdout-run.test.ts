import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import type { Handler } from "../call/handler.ts";
import { createLLM } from "../client/create-llm.ts";
import { runFile } from "./run-file.ts";
import type { RunFileOptions } from "./run-options.ts";
import { exitCodeOf, type RunSummary } from "./run-summary.ts";

let written = "";
let folder = "";

beforeEach(async () => {
  written = "";
  folder = await mkdtemp(join(tmpdir(), "sluice-stdout-"));
});

const handler: Handler = async ({ id, body }) => {
  const asked = JSON.stringify(body);
  if (asked.includes("bad")) throw new CallError("content_filter", "rejected", { status: 400 });
  return { status: 200, body: { id, choices: [] }, deployment: "test" };
};

async function* bytes(...chunks: string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

const stdout = {
  write: (text: string, done: (error?: Error | null) => void): void => {
    written += text;
    setImmediate(done);
  },
};

const run = async (options: Partial<RunFileOptions>): Promise<RunSummary> => {
  await using llm = createLLM({ handler, model: "m", limits: { maxConcurrent: 2 }, retry: 0 });
  return await runFile({ input: "-", llm, model: "m", stdout, ...options });
};

const lines = (): Record<string, unknown>[] =>
  written
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe("a run to stdout", () => {
  it("writes answers and failures as lines, and leaves no file", async () => {
    const summary = await run({ stdin: bytes("good\nba", "d\n\n", "fine") });
    expect(summary).toMatchObject({ outcome: "failed-rows", rows: 3, succeeded: 2, failed: 1, skippedBlankLines: 1 });
    expect(summary.errors).toMatchObject([{ code: "content_filter", status: 400, count: 1, retryable: false }]);
    expect(summary.runFolder).toBeUndefined();
    expect(lines()).toHaveLength(3);
    const failed = lines().find(({ response }) => (response as { status_code: number }).status_code === 400);
    expect(failed).toMatchObject({ error: null, meta: { error_code: "content_filter" } });
  });

  it("ends quietly when its reader leaves", async () => {
    const broken = {
      write: (_: string, done: (error?: Error | null) => void): void =>
        done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" })),
    };
    const stdin = bytes(Array.from({ length: 500 }, (_, at) => `line ${at}`).join("\n"));
    const summary = await run({ stdin, stdout: broken });
    expect(summary).toMatchObject({ readerLeft: true, succeeded: 0 });
    expect(exitCodeOf(summary)).toBe(0);
  });

  it("stops waiting for stdin when it is told to stop", async () => {
    const drain = new AbortController();
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("hello\n");
      drain.abort();
      await new Promise(() => {});
    }
    expect(await run({ stdin: endless(), drain: drain.signal })).toMatchObject({ outcome: "drained", rows: 0 });
  });

  it("takes a file as well", async () => {
    const input = join(folder, "in.txt");
    await writeFile(input, "one\ntwo\n");
    expect(await run({ input, output: "-" })).toMatchObject({ outcome: "complete", rows: 2 });
    expect(await readdir(folder)).toEqual(["in.txt"]);
  });

  it("can go to a file instead, by way of a copy in the run folder", async () => {
    const output = join(folder, "out.jsonl");
    expect(await run({ stdin: bytes("one\ntwo\n"), output })).toMatchObject({ outcome: "complete", rows: 2 });
    expect(await run({ stdin: bytes("two\nthree\n"), output })).toMatchObject({ outcome: "complete", resumed: 1 });
    expect((await readdir(folder)).toSorted()).toEqual(["out.jsonl", "out.run"]);
    expect(await readdir(join(folder, "out.run"))).toEqual(["journal", "manifest.json"]);
  });

  it.each([
    [{ stdin: undefined }, /"stdin" must be given/],
    [{ stdout: undefined }, /"stdout" must be given/],
    [{ fresh: true }, /"fresh" needs an output file/],
  ])("refuses what cannot work: %j", async (options, message) => {
    const refusal = run({ stdin: bytes("a"), ...options } as Partial<RunFileOptions>);
    await expect(refusal).rejects.toMatchObject({ exitCode: 2, message: expect.stringMatching(message) });
  });
});
