import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Handler } from "../../src/call/handler.ts";
import { createLLM } from "../../src/client/create-llm.ts";
import { runFile } from "../../src/run/run-file.ts";
import { sluice } from "../e2e/cli.ts";

const golden = fileURLToPath(new URL("../fixtures/golden-runs/", import.meta.url));

/** A copy of a run as a released version has left it when it was killed. */
const copyOf = async (name: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-golden-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(join(golden, name), folder, { recursive: true });
  return folder;
};

const idsIn = (text: string): readonly string[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as { custom_id: string }).custom_id);

const wholeLines = (text: string): string => text.slice(0, text.lastIndexOf("\n") + 1);

describe.each(await readdir(golden))("a run that was left with %s", (name) => {
  it("is exported byte for byte as it always was", async () => {
    const folder = await copyOf(name);
    const { code, stderr } = await sluice(["export", "in.out.jsonl", "-o", "out.csv", "--no-csv-bom"], { cwd: folder });
    expect([code, stderr]).toEqual([0, expect.stringContaining("out.csv")]);
    expect(await readFile(join(folder, "out.csv"), "utf8")).toBe(await readFile(join(folder, "expected.csv"), "utf8"));
  });

  it("goes on where it was: what is answered is kept as it is, the rest is sent, and what may have been paid is known", async () => {
    const folder = await copyOf(name);
    const output = join(folder, "in.out.jsonl");
    const before = wholeLines(await readFile(output, "utf8"));
    const failed = idsIn(await readFile(join(folder, "in.out.errors.jsonl"), "utf8"));
    const sent: string[] = [];
    const handler: Handler = async (call) => {
      sent.push(call.id);
      const choices = [{ index: 0, message: { role: "assistant", content: "now" }, finish_reason: "stop" }];
      return { status: 200, body: { choices }, deployment: "test", usage };
    };
    const llm = createLLM({ handler, model: "sim/model" });
    onTestFinished(() => llm.close());
    const input = join(folder, "in.jsonl");
    const summary = await runFile({ input, output, llm, model: "sim/model", dialect: "custom" });
    expect(summary).toMatchObject({ rows: 14, resumed: idsIn(before).length, failed: failed.length });
    expect(summary.possiblyPaidTwice).toBeGreaterThan(0);
    const after = await readFile(output, "utf8");
    for (const line of before.split("\n")) expect(after).toContain(line);
    expect(sent.toSorted()).toEqual(
      idsIn(after)
        .filter((id) => !idsIn(before).includes(id))
        .toSorted(),
    );
    expect(new Set(idsIn(after)).size).toBe(14 - failed.length);
  });
});

const usage = { inputTokens: 1, outputTokens: 1, cachedTokens: 0, reasoningTokens: 0 };
