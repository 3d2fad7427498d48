import { access, mkdir, mkdtemp, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import type { Handler } from "../call/handler.ts";
import { createLLM } from "../client/create-llm.ts";
import type { LLM } from "../client/llm.ts";
import type { RunEvent } from "./run-event.ts";
import { runFile } from "./run-file.ts";
import type { RunFileOptions } from "./run-options.ts";
import { exitCodeOf, type RunSummary } from "./run-summary.ts";

let folder = "";
let input = "";
let output = "";
let errors = "";
let sent: string[] = [];
let events: RunEvent[] = [];
const clients: LLM[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-run-"));
  [input, output, errors] = ["in.jsonl", "in.out.jsonl", "in.out.errors.jsonl"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  sent = [];
  events = [];
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

/** A provider that answers each row with its id, unless told otherwise. */
const client = (answer: (id: string) => unknown = () => undefined): LLM => {
  const handler: Handler = async (call, { signal }) => {
    sent.push(call.id);
    const special = await answer(call.id);
    if (special instanceof Error) throw special;
    if (special === "wait")
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    const message = { role: "assistant", content: `answer to ${call.id}` };
    return {
      status: 200,
      body: { id: "chatcmpl-1", choices: [{ index: 0, message, finish_reason: "stop" }] },
      usage: { inputTokens: 2, outputTokens: 3, cachedTokens: 0, reasoningTokens: 0 },
      deployment: "test",
    };
  };
  const made = createLLM({ handler, model: "m", limits: { maxConcurrent: 4 }, retry: 0 });
  clients.push(made);
  return made;
};

const rows = (...ids: string[]): Promise<void> =>
  writeFile(input, ids.map((id) => `${JSON.stringify({ custom_id: id, prompt: `ask ${id}` })}\n`).join(""));

const run = (llm: LLM, options: Partial<RunFileOptions> = {}): Promise<RunSummary> =>
  runFile({ input, llm, model: "m", onEvent: (event) => events.push(event), ...options });

const records = async (path = output): Promise<Record<string, unknown>[]> =>
  (await readFile(path, "utf8"))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const idsIn = async (path = output): Promise<string[]> =>
  (await records(path)).map((record) => String(record["custom_id"])).sort((one, other) => one.localeCompare(other));

const warnings = (): string[] => events.flatMap((event) => (event.type === "warning" ? [event.message] : []));

const missing = (path: string): Promise<void> => expect(access(path)).rejects.toThrow(/ENOENT/);

describe("runFile", () => {
  it("answers every row and leaves a complete output beside the input", async () => {
    await rows("a", "b", "c");
    const summary = await run(client());
    expect(summary).toMatchObject({ outcome: "complete", rows: 3, succeeded: 3, failed: 0, remaining: 0, output });
    expect(summary.usage).toMatchObject({ inputTokens: 6, outputTokens: 9 });
    expect(exitCodeOf(summary)).toBe(0);
    expect(await idsIn()).toEqual(["a", "b", "c"]);
    expect(events[0]).toMatchObject({ type: "start", rows: 3, toSend: 3, format: "jsonl" });
    expect(events.filter(({ type }) => type === "row")).toHaveLength(3);
    expect(await readdir(join(folder, "in.out.run"))).toEqual(["journal", "manifest.json"]);
    await missing(errors);
  });

  it("reports a row only when its record is in the file", async () => {
    await rows("a");
    let content = "";
    const { readFileSync } = await import("node:fs");
    await run(client(), { onEvent: ({ type }) => type === "row" && (content = readFileSync(output, "utf8")) });
    expect(content).toContain('"custom_id":"a"');
  });

  it("sends nothing when everything is done", async () => {
    await rows("a", "b");
    await run(client());
    sent = [];
    expect(await run(client())).toMatchObject({ outcome: "complete", succeeded: 2, resumed: 2 });
    expect(sent).toEqual([]);
  });

  it("makes an empty output of an empty input", async () => {
    await writeFile(input, "\n\n");
    expect(await run(client())).toMatchObject({ outcome: "complete", rows: 0, skippedBlankLines: 2 });
    expect(await readFile(output, "utf8")).toBe("");
  });

  it("sends only what is missing, wherever the output was torn", async () => {
    await rows("a", "b", "c");
    await run(client());
    const whole = await readFile(output, "utf8");
    const lastBegins = whole.lastIndexOf("\n", whole.length - 2) + 1;
    const last = String((JSON.parse(whole.slice(lastBegins)) as Record<string, unknown>)["custom_id"]);
    for (let length = lastBegins + 1; length < whole.length - 1; length += 37) {
      await writeFile(output, whole.slice(0, length));
      sent = [];
      expect(await run(client())).toMatchObject({ outcome: "complete", resumed: 2, succeeded: 3 });
      expect(sent).toEqual([last]);
      expect(await idsIn()).toEqual(["a", "b", "c"]);
    }
  });

  it("writes failed rows to the errors file, which is valid input, and sends them again", async () => {
    await rows("a", "b", "c", "d");
    const failing = client((id) => {
      if (id === "b") return new CallError("server", "openai answered 500", { status: 500 });
      return id === "c" ? new CallError("content_filter", "rejected", { status: 400 }) : undefined;
    });
    const summary = await run(failing);
    expect(summary).toMatchObject({ outcome: "failed-rows", succeeded: 2, failed: 2, errorsFile: errors });
    expect(exitCodeOf(summary)).toBe(3);
    expect(summary.errors).toContainEqual({
      code: "server",
      status: 500,
      count: 1,
      message: "openai answered 500",
      ids: ["b"],
      retryable: true,
    });
    sent = [];
    const other = join(folder, "retry.jsonl");
    expect(await run(client(), { input: errors, output: other })).toMatchObject({ outcome: "complete", rows: 2 });
    expect(await idsIn(other)).toEqual(["b", "c"]);
    sent = [];
    expect(await run(client())).toMatchObject({ outcome: "failed-rows", succeeded: 3, failed: 1, resumed: 2 });
    expect(sent).toEqual(["b"]);
    expect(await idsIn(errors)).toEqual(["c"]);
    expect(await run(client(), { retryErrors: "all" })).toMatchObject({ outcome: "complete", succeeded: 4 });
    await missing(errors);
  });

  it("stops at a refused key, with the row undone and not failed", async () => {
    await rows(...Array.from({ length: 200 }, (_, at) => `r${at}`));
    const summary = await run(client(() => new CallError("auth", "openai answered 401", { status: 401 })));
    expect(summary).toMatchObject({ outcome: "stopped-early", succeeded: 0, failed: 0, remaining: 200 });
    expect(summary.stop?.code).toBe("auth");
    expect(exitCodeOf(summary)).toBe(4);
    expect(sent.length).toBeLessThanOrEqual(4);
    expect(events).toContainEqual(expect.objectContaining({ type: "stopping", reason: "error" }));
    await missing(errors);
    expect(await run(client())).toMatchObject({ outcome: "complete", succeeded: 200, possiblyPaidTwice: 0 });
  });

  it("finishes what is in flight when drained, and continues later", async () => {
    await rows(...Array.from({ length: 100 }, (_, at) => `r${at}`));
    const drain = new AbortController();
    const llm = client((id) => void (id === "r5" && drain.abort()));
    const summary = await run(llm, { drain: drain.signal });
    expect(summary.outcome).toBe("drained");
    expect(summary.succeeded).toBeGreaterThanOrEqual(1);
    expect(summary.succeeded + summary.remaining).toBe(100);
    expect(exitCodeOf(summary)).toBe(130);
    const before = sent.length;
    expect(before).toBe(summary.succeeded);
    expect(await run(client())).toMatchObject({ outcome: "complete", resumed: before, possiblyPaidTwice: 0 });
    expect(new Set(sent).size).toBe(sent.length);
  });

  it("aborts what is in flight, and says later what may have been paid twice", async () => {
    await rows("a", "b", "c");
    const abort = new AbortController();
    const llm = client((id) => {
      if (id === "c") setImmediate(() => abort.abort());
      return id === "a" ? undefined : "wait";
    });
    expect(await run(llm, { signal: abort.signal })).toMatchObject({ outcome: "aborted", succeeded: 1, remaining: 2 });
    expect(await run(client())).toMatchObject({ outcome: "complete", possiblyPaidTwice: 2 });
    expect(warnings()).toContainEqual(expect.stringContaining("2 rows were in flight"));
  });

  it("leaves nothing behind when the input is wrong", async () => {
    await writeFile(input, '{"prompt":"a"}\n{broken\n');
    await expect(run(client())).rejects.toMatchObject({ exitCode: 2, line: 2 });
    expect(await readdir(folder)).toEqual(["in.jsonl"]);
    expect(sent).toEqual([]);
  });

  it("begins anew when asked, and keeps what was there", async () => {
    await rows("a", "b");
    await run(client());
    await rows("b", "c");
    expect(await run(client(), { fresh: true })).toMatchObject({ outcome: "complete", resumed: 0, succeeded: 2 });
    expect(await idsIn()).toEqual(["b", "c"]);
    const kept = (await readdir(folder)).filter((name) => name.includes(".bak-"));
    expect(kept.toSorted()).toEqual([
      expect.stringMatching(/^in\.out\.jsonl\.bak-\d{8}T\d{6}Z$/),
      expect.stringMatching(/^in\.out\.run\.bak-/),
    ]);
    expect(await idsIn(join(folder, kept.find((name) => name.includes(".jsonl.")) ?? ""))).toEqual(["a", "b"]);
  });

  it("keeps answers of rows that left the input, and says how the input has changed", async () => {
    await rows("a", "b");
    await run(client());
    await rows("b", "c");
    expect(await run(client())).toMatchObject({ outcome: "complete", rows: 2, resumed: 1, succeeded: 2 });
    expect(await idsIn()).toEqual(["a", "b", "c"]);
    expect(warnings()).toEqual([expect.stringContaining("1 row is new, 1 recorded row is not in it any more")]);
  });

  it("refuses an output that another run is writing to", async () => {
    await rows("a");
    let refusal: Promise<unknown> = Promise.resolve();
    const second = (): Promise<unknown> => run(client()).catch((error: unknown) => error);
    const onEvent = ({ type }: RunEvent): void => {
      if (type === "start") refusal = second();
    };
    const llm = client(async () => void (await refusal));
    expect(await run(llm, { onEvent })).toMatchObject({ outcome: "complete" });
    expect(await refusal).toMatchObject({ exitCode: 6, message: expect.stringContaining("same output") });
  });

  it("ends when an outcome cannot be written, and continues when it can", async () => {
    await rows("a", "b");
    const failing = client(async (id) => {
      if (id !== "b") return undefined;
      await mkdir(errors);
      return new CallError("server", "broken", { status: 500 });
    });
    const refusal = run(failing);
    await expect(refusal).rejects.toMatchObject({ exitCode: 6, message: expect.stringContaining("it continues") });
    await rmdir(errors);
    expect(await run(client())).toMatchObject({ outcome: "complete", resumed: 1, succeeded: 2 });
  });

  it("ends with the error of a listener that throws, and keeps what was written", async () => {
    await rows("a", "b");
    const onEvent = (event: RunEvent): void => {
      if (event.type === "row") throw new Error("listener broke");
    };
    await expect(run(client(), { onEvent })).rejects.toThrow("listener broke");
    expect(await run(client())).toMatchObject({ outcome: "complete", succeeded: 2 });
  });
});
