import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CallError } from "../../call/call-error.ts";
import type { Handler } from "../../call/handler.ts";
import { createLLM } from "../../client/create-llm.ts";
import { runFile } from "../run-file.ts";
import type { RunFileOptions } from "../run-options.ts";
import type { RunSummary } from "../run-summary.ts";

let folder = "";
let sent = 0;
let answers = true;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-folder-"));
  [sent, answers] = [0, true];
  await writeFile(at("in.jsonl"), '{"custom_id":"a","prompt":"x"}\n');
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);

const handler: Handler = async () => {
  sent += 1;
  if (!answers) throw new CallError("auth", "wrong key", { status: 401 });
  return {
    status: 200,
    body: { choices: [{ index: 0, message: { role: "assistant", content: "fine" } }] },
    deployment: "test",
  };
};

const run = async (output: string, options: Partial<RunFileOptions> = {}): Promise<RunSummary> => {
  const llm = createLLM({ handler, model: "m", retry: 0 });
  try {
    return await runFile({ input: at("in.jsonl"), output: at(output), llm, model: "m", ...options });
  } finally {
    await llm.close();
  }
};

describe("the folder of a run", () => {
  it.each([
    ["labels.csv", "labels.jsonl"],
    ["labels.jsonl", "labels.csv"],
    ["labels.csv", "labels.parquet"],
  ])("belongs to %s alone, and not to %s", async (first, second) => {
    await run(first);
    const before = await readFile(at(first), "utf8");
    for (const fresh of [false, true]) {
      const refused = run(second, { fresh });
      await expect(refused).rejects.toThrow(`labels.run belongs to the run of ${at(first)}`);
      await expect(refused).rejects.toMatchObject({ exitCode: 2 });
    }
    await expect(run(second)).rejects.toThrow(`-o ${at(second.replace("labels", "labels-2"))}`);
    expect(sent).toBe(1);
    expect(await readFile(at(first), "utf8")).toBe(before);
    expect((await run(first)).resumed).toBe(1);
  });

  it("goes to another output when nothing was recorded for the first", async () => {
    answers = false;
    expect((await run("labels.jsonl")).outcome).toBe("stopped-early");
    answers = true;
    expect((await run("labels.csv")).outcome).toBe("complete");
  });

  it("stays that of flat rows, until one begins anew", async () => {
    await run("labels.jsonl", { format: "flat" });
    await expect(run("labels.jsonl")).rejects.toThrow("its run has begun with --format flat");
    await rm(at("labels.jsonl"));
    await expect(run("labels.jsonl")).rejects.toMatchObject({ exitCode: 2 });
    expect(sent).toBe(1);
    expect((await run("labels.jsonl", { fresh: true })).outcome).toBe("complete");
    expect(sent).toBe(2);
  });

  it("stays that of records, until one begins anew", async () => {
    await run("labels.jsonl");
    const refused = run("labels.jsonl", { format: "flat" });
    await expect(refused).rejects.toThrow("its run has begun with --format openai");
    await expect(refused).rejects.toMatchObject({ exitCode: 2 });
    expect(sent).toBe(1);
    expect((await run("labels.jsonl", { format: "flat", fresh: true })).outcome).toBe("complete");
  });

  it("is that of a run whose files have been given another name", async () => {
    await run("labels.jsonl");
    await rename(at("labels.jsonl"), at("old.jsonl"));
    await rename(at("labels.run"), at("old.run"));
    expect((await run("old.jsonl")).resumed).toBe(1);
  });
});
