import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Handler } from "../../call/handler.ts";
import { createLLM } from "../../client/create-llm.ts";
import { runFile } from "../run-file.ts";
import type { RunFileOptions } from "../run-options.ts";
import type { RunSummary } from "../run-summary.ts";

let folder = "";
let sent: unknown[] = [];
let onCall = (): void => {};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-order-"));
  [sent, onCall] = [[], () => {}];
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const handler: Handler = async ({ id, body }) => {
  sent.push(body["max_tokens"]);
  onCall();
  return { status: 200, body: { id, choices: [] }, deployment: "test" };
};

const run = async (options: Partial<RunFileOptions> = {}): Promise<RunSummary> => {
  await using llm = createLLM({ handler, model: "m", limits: { maxConcurrent: 1 }, retry: 0 });
  return await runFile({ input: join(folder, "in.jsonl"), llm, model: "m", ...options });
};

const linesOf = (bounds: readonly number[]): string =>
  bounds.map((bound) => `${JSON.stringify({ prompt: "a question", max_tokens: bound })}\n`).join("");

const writeRows = (...bounds: readonly number[]): Promise<void> => writeFile(join(folder, "in.jsonl"), linesOf(bounds));

const stdout = { write: (_text: string, done: () => void): void => done() };

async function* stdin(...bounds: readonly number[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(linesOf(bounds));
}

describe("the order of a file run", () => {
  it("sends first what may take longest, and as the file has it when asked to", async () => {
    await writeRows(10, 900, 90, 9000);
    expect(await run()).toMatchObject({ outcome: "complete", succeeded: 4 });
    expect(sent).toEqual([9000, 900, 90, 10]);
    sent = [];
    await run({ sendOrder: "input", fresh: true });
    expect(sent).toEqual([10, 900, 90, 9000]);
  });

  it("goes on in the same order after a stop, sending every row once", async () => {
    await writeRows(10, 900, 90, 9000, 10, 900, 90, 9000);
    const drain = new AbortController();
    onCall = () => sent.length === 3 && drain.abort();
    expect(await run({ drain: drain.signal })).toMatchObject({ outcome: "drained", succeeded: 3, remaining: 5 });
    expect(await run()).toMatchObject({ outcome: "complete", succeeded: 8, resumed: 3 });
    expect(sent).toEqual([9000, 9000, 900, 900, 90, 90, 10, 10]);
    const output = (await readFile(join(folder, "in.out.jsonl"), "utf8")).trim().split("\n");
    expect(new Set(output.map((line) => (JSON.parse(line) as { custom_id: string }).custom_id)).size).toBe(8);
  });

  it("answers a pipe in its own order, unless told otherwise; standard input into a file goes longest first", async () => {
    await run({ input: "-", stdin: stdin(10, 9000), stdout });
    expect(sent).toEqual([10, 9000]);
    await run({ input: "-", stdin: stdin(10, 9000), stdout, sendOrder: "longest-first" });
    await run({ input: "-", stdin: stdin(10, 9000), output: join(folder, "out.jsonl") });
    expect(sent).toEqual([10, 9000, 9000, 10, 9000, 10]);
  });

  it("takes an output bound for rows that set none, and orders by it", async () => {
    await writeFile(join(folder, "in.jsonl"), `{"prompt":"b","max_tokens":40}\n{"prompt":"a"}\n`);
    await run({ maxOutputTokens: 800 });
    expect(sent).toEqual([800, 40]);
  });

  it("refuses an order that does not exist, and a bound that is none", async () => {
    await writeRows(1);
    await expect(run({ sendOrder: "random" as "input" })).rejects.toThrow(
      `Cannot run: "sendOrder" must be 'longest-first' or 'input', got "random"`,
    );
    await expect(run({ maxOutputTokens: 0 })).rejects.toThrow('"maxOutputTokens" must be a whole number of at least 1');
  });
});
