import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import type { Handler } from "../call/handler.ts";
import { createLLM } from "../client/create-llm.ts";
import type { RunEvent } from "./run-event.ts";
import { runFile } from "./run-file.ts";
import type { RunFileOptions, RunStdout } from "./run-options.ts";
import type { RunSummary } from "./run-summary.ts";

let folder = "";
let sent: string[] = [];
let events: RunEvent[] = [];
let failing = "none";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-finish-"));
  [sent, events, failing] = [[], [], "none"];
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);

const handler: Handler = async (call) => {
  sent.push(call.id);
  if (call.id === failing) throw new CallError("server", "openai answered 500", { status: 500 });
  return {
    status: 200,
    body: { id: "1", choices: [{ index: 0, message: { role: "assistant", content: `answer to ${call.id}` } }] },
    usage: { inputTokens: 2, outputTokens: 3, cachedTokens: 0, reasoningTokens: 0 },
    deployment: "test",
  };
};

/** Rows of which each may take longer than those before it, so that the last one is sent first. */
const rows = (...ids: string[]): Promise<void> =>
  writeFile(
    at("in.jsonl"),
    ids
      .map((id, place) => `${JSON.stringify({ custom_id: id, prompt: "x", max_tokens: 4 ** (place + 1) })}\n`)
      .join(""),
  );

const run = async (options: Partial<RunFileOptions> = {}): Promise<RunSummary> => {
  const llm = createLLM({ handler, model: "m", limits: { maxConcurrent: 1 }, retry: 0 });
  try {
    return await runFile({
      input: at("in.jsonl"),
      llm,
      model: "m",
      onEvent: (event) => events.push(event),
      ...options,
    });
  } finally {
    await llm.close();
  }
};

const idsIn = (text: string): string[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { custom_id: string }).custom_id);

const collector = (): RunStdout & { text: string } => ({
  text: "",
  write(text, done) {
    this.text += text;
    done();
  },
});

describe("the output of a finished run", () => {
  it("stands in the order of the input, though rows completed in another, and the same command goes on from it", async () => {
    await rows("a", "b", "c");
    const output = at("out.jsonl");
    await run({ output });
    expect(sent).toEqual(["c", "b", "a"]);
    expect(idsIn(await readFile(output, "utf8"))).toEqual(["a", "b", "c"]);
    await rows("new", "c", "a", "b", "last");
    await run({ output });
    expect(sent.slice(3)).toEqual(["last", "new"]);
    expect(idsIn(await readFile(output, "utf8"))).toEqual(["new", "c", "a", "b", "last"]);
    await rows("b", "c");
    await run({ output });
    expect(idsIn(await readFile(output, "utf8"))).toEqual(["b", "c", "new", "a", "last"]);
    expect(sent).toHaveLength(5);
    await rm(output);
    await run({ output, order: "completion", fresh: true });
    expect(idsIn(await readFile(output, "utf8"))).toEqual(["c", "b"]);
  });

  it("is a table when its name says so, made anew from the records whenever there are more", async () => {
    await rows("a", "b");
    failing = "b";
    const output = at("out.csv");
    await run({ output });
    const outcomes = async (): Promise<string[]> =>
      (await readFile(output, "utf8"))
        .split("\r\n")
        .slice(1, -1)
        .map((line) => line.split(",").slice(0, 5).join(","));
    expect(await outcomes()).toEqual(["a,x,4,answer to a,ok", "b,x,16,,error"]);
    expect(await readdir(folder)).toEqual(["in.jsonl", "out.csv", "out.errors.jsonl", "out.run"]);
    failing = "none";
    expect((await run({ output })).succeeded).toBe(2);
    expect(sent).toEqual(["b", "a", "b"]);
    expect(await outcomes()).toEqual(["a,x,4,answer to a,ok", "b,x,16,answer to b,ok"]);
    expect(await readdir(folder)).toEqual(["in.jsonl", "out.csv", "out.run"]);
  });

  it("is made of all that was recorded when failed rows are run again without the input, in the order that it had", async () => {
    await rows("a", "b", "c");
    failing = "b";
    const output = at("out.csv");
    await run({ output });
    await rm(at("in.jsonl"));
    failing = "none";
    expect(await run({ output, retryOf: { rows: "errors" } })).toMatchObject({ rows: 1, succeeded: 1 });
    const lines = (await readFile(output, "utf8")).split("\r\n").slice(1, -1);
    expect(lines.map((line) => line.split(",").slice(0, 3).join())).toEqual([
      "a,answer to a,ok",
      "b,answer to b,ok",
      "c,answer to c,ok",
    ]);
    expect(sent).toEqual(["c", "b", "a", "b"]);
    const said = events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
    expect(said).toEqual([expect.stringMatching(/without the columns of the input: cannot read .*in\.jsonl/)]);
  });

  it("is never made in place of a file that no run has made", async () => {
    await rows("a");
    await writeFile(at("out.csv"), "mine");
    await expect(run({ output: at("out.csv") })).rejects.toThrow(/it exists and is not the output of a run/);
    expect(await readFile(at("out.csv"), "utf8")).toBe("mine");
    expect(sent).toEqual([]);
    await run({ output: at("out.csv"), fresh: true });
    expect((await readdir(folder)).filter((name) => name.includes("bak"))).toHaveLength(1);
    await expect(run({ output: at("out.csv"), order: "completion" })).rejects.toMatchObject({ exitCode: 2 });
  });

  it("goes to stdout in order, or flat, when all of it is there", async () => {
    await rows("a", "b", "c");
    failing = "b";
    const stdout = collector();
    await run({ output: "-", stdout, order: "input" });
    expect(idsIn(stdout.text)).toEqual(["a", "b", "c"]);
    const flat = collector();
    await run({ output: "-", stdout: flat, format: "flat" });
    const lines = flat.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map((line) => [line["custom_id"], line["output"], line["_status"]])).toEqual([
      ["a", "answer to a", "ok"],
      ["b", null, "error"],
      ["c", "answer to c", "ok"],
    ]);
  });
});
