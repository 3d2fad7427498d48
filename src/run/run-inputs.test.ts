import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Handler } from "../call/handler.ts";
import { createLLM } from "../client/create-llm.ts";
import type { RunEvent } from "./run-event.ts";
import { runFile } from "./run-file.ts";
import type { RunFileOptions } from "./run-options.ts";
import { exitCodeOf, type RunSummary } from "./run-summary.ts";

let folder = "";
let sent: string[] = [];
let events: RunEvent[] = [];
const at = (name: string): string => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-inputs-"));
  [sent, events] = [[], []];
});
afterEach(() => rm(folder, { recursive: true }));

const handler: Handler = async ({ id }) => {
  sent.push(id);
  return { status: 200, body: { id, choices: [] }, deployment: "test" };
};

const run = async (options: Partial<RunFileOptions>): Promise<RunSummary> => {
  await using llm = createLLM({ handler, model: "m", limits: { maxConcurrent: 2 }, retry: 0 });
  const onEvent = (event: RunEvent): void => void events.push(event);
  return await runFile({ input: at("in.jsonl"), llm, model: "m", onEvent, ...options });
};

const records = async (name: string): Promise<Record<string, unknown>[]> =>
  (await readFile(at(name), "utf8"))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const start = (): RunEvent | undefined => events.find(({ type }) => type === "start");
const warnings = (): string[] => events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
const row = (id: string): string => `${JSON.stringify({ custom_id: id, prompt: `ask ${id}` })}\n`;

describe("rows that cannot be sent", () => {
  it("keep a run from beginning, and nothing is sent or written", async () => {
    await writeFile(at("in.jsonl"), `${row("a")}5\n6\n`);
    await expect(run({})).rejects.toMatchObject({ name: "InputError", exitCode: 2 });
    expect(sent).toEqual([]);
    await expect(records("in.out.jsonl")).rejects.toThrow(/ENOENT/);
  });

  it("are recorded as failed when they are skipped, once, and never sent", async () => {
    await writeFile(at("in.jsonl"), `${row("a")}5\n${row("b")}{"prompt":"x",}\n${row("a")}`);
    for (const retryErrors of ["retryable", "all", "retryable"] as const) {
      const summary = await run({ inputErrors: "skip", retryErrors });
      expect(summary).toMatchObject({ outcome: "failed-rows", rows: 5, succeeded: 2, failed: 3, remaining: 0 });
      expect(summary.errors).toMatchObject([{ code: "invalid_request", count: 3, retryable: false }]);
      expect(exitCodeOf(summary)).toBe(3);
    }
    expect(sent.toSorted()).toEqual(["a", "b"]);
    expect(start()).toMatchObject({ rows: 5, toSend: 2, permanentlyFailed: 3 });
    expect(warnings()[0]).toContain("3 rows cannot be sent and are recorded as failed");
    const failures = await records("in.out.errors.jsonl");
    expect(failures).toHaveLength(3);
    expect(failures[0]).toMatchObject({
      custom_id: expect.stringMatching(/^invalid-/),
      response: null,
      error: {
        code: "invalid_request",
        message: `${at("in.jsonl")} line 2: a row must be an object or a text, got a number`,
      },
      meta: { index: 1, line: 2, attempts: 0, retryable: false, input: "5" },
    });
  });

  it("are sent when they have been put right", async () => {
    await writeFile(at("in.jsonl"), `${row("a")}{"custom_id":"b","prompt":5}\n`);
    await run({ inputErrors: "skip" });
    await writeFile(at("in.jsonl"), `${row("a")}${row("b")}`);
    const summary = await run({ inputErrors: "skip" });
    expect([summary.succeeded, summary.failed, sent]).toEqual([2, 0, ["a", "b"]]);
  });

  it("stand among the answers on stdout", async () => {
    await writeFile(at("in.jsonl"), `${row("a")}5\n`);
    let written = "";
    const write = (text: string, done: () => void): void => {
      written += text;
      setImmediate(done);
    };
    const summary = await run({ inputErrors: "skip", output: "-", stdout: { write } });
    expect(summary).toMatchObject({ outcome: "failed-rows", rows: 2, succeeded: 1, failed: 1 });
    expect(summary.errors).toMatchObject([{ code: "invalid_request", count: 1 }]);
    const ids = written
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { custom_id: string }).custom_id);
    expect(ids).toEqual([expect.stringMatching(/^invalid-/), "a"]);
  });
});

describe("several inputs", () => {
  it("are one run, which goes on when there are more", async () => {
    await writeFile(at("1.jsonl"), row("a"));
    await writeFile(at("2.jsonl.gz"), gzipSync(row("b")));
    const asked = { input: at("*.jsonl*"), output: at("all.jsonl") };
    expect(await run(asked)).toMatchObject({ outcome: "complete", rows: 2, succeeded: 2 });
    expect(start()).toMatchObject({ input: `${at("1.jsonl")}, ${at("2.jsonl.gz")}`, format: "jsonl" });
    await writeFile(at("3.jsonl"), row("c"));
    expect(await run(asked)).toMatchObject({ rows: 3, succeeded: 3, resumed: 2 });
    expect(sent).toEqual(["a", "b", "c"]);
  });

  it("need a name for their results, and may not be their own output", async () => {
    await writeFile(at("1.jsonl"), row("a"));
    await writeFile(at("2.jsonl"), row("b"));
    await expect(run({ input: at("*.jsonl") })).rejects.toThrow("several inputs need a name for their results");
    const both = [at("1.jsonl"), at("2.jsonl")];
    await expect(run({ input: both, output: at("2.jsonl") })).rejects.toThrow("it is the input itself");
    await expect(run({ input: [], output: at("o.jsonl") })).rejects.toThrow("got an empty list");
    expect(sent).toEqual([]);
  });

  it("have a default output when a pattern means one, named without the packing", async () => {
    await writeFile(at("in.csv.gz"), gzipSync("prompt\nx\n"));
    expect(await run({ input: at("in.*") })).toMatchObject({ outcome: "complete", output: at("in.out.jsonl") });
  });
});

describe("a list on standard input", () => {
  it("may be packed, and in any encoding", async () => {
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield gzipSync(Buffer.from([0x71, 0x0a, 0xc4, 0xe3, 0x0a]));
    }
    const asked = { input: "-", output: at("o.jsonl"), inputFormat: "csv", encoding: "gbk", prompt: "{{q}}" } as const;
    expect(await run({ ...asked, stdin: bytes() })).toMatchObject({ outcome: "complete", rows: 1 });
  });
});

describe("a bound of the output", () => {
  it("takes hold at a provider whose requests always have one, and not where a row has its own", async () => {
    await writeFile(at("in.jsonl"), `${row("a")}{"custom_id":"b","prompt":"ask b","max_tokens":7}\n`);
    const bounds: unknown[] = [];
    const asked: Handler = async ({ id, body }) => {
      bounds.push([id, body["max_tokens"]]);
      return { status: 200, body: { id, content: [] }, deployment: "test" };
    };
    const model = "anthropic/claude-sonnet-4-5";
    await using llm = createLLM({ handler: asked, model, retry: 0 });
    await runFile({
      input: at("in.jsonl"),
      llm,
      model,
      provider: "anthropic",
      maxOutputTokens: 10,
      sendOrder: "input",
    });
    expect(bounds).toEqual([
      ["a", 10],
      ["b", 7],
    ]);
  });
});
