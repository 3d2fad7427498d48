import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CallError } from "../../call/call-error.ts";
import type { Handler } from "../../call/handler.ts";
import { createLLM } from "../../client/create-llm.ts";
import { nodeFs } from "../files/node-fs.ts";
import { pathsOf } from "../paths.ts";
import { type Manifest, readManifest } from "../resume/manifest.ts";
import { runFile } from "../run-file.ts";
import { exportRun, type Exported, type ExportOptions } from "./export-run.ts";

let folder = "";
let warnings: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-export-"));
  warnings = [];
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);

/** A provider that fails what asks for it, and takes its time over what comes first. */
const handler: Handler = async (call) => {
  const content = JSON.stringify(call.body);
  if (content.includes("fail")) throw new CallError("content_filter", "rejected", { status: 400 });
  return {
    status: 200,
    body: { id: "1", choices: [{ index: 0, message: { role: "assistant", content: "fine" }, finish_reason: "stop" }] },
    usage: { inputTokens: 2, outputTokens: 3, cachedTokens: 0, reasoningTokens: 0 },
    deployment: "test",
  };
};

const prompt = "Say {{text}}";

/** Runs a table of texts; tells what the run's folder says. */
const ran = async (texts: readonly string[]): Promise<Manifest> => {
  await writeFile(at("in.csv"), `text,length\n${texts.map((text) => `${text},${text.length}\n`).join("")}`);
  const llm = createLLM({ handler, model: "m", retry: 0 });
  await runFile({ input: at("in.csv"), output: at("out.jsonl"), llm, model: "m", prompt, sendOrder: "longest-first" });
  await llm.close();
  const manifest = await readManifest(nodeFs, at("out.run/manifest.json"));
  if (manifest?.version !== 2) throw new Error("the run has left no manifest");
  return manifest;
};

const exported = async (
  manifest: Manifest | undefined,
  options: Partial<ExportOptions> = {},
): Promise<Exported & { readonly text: string }> => {
  const done = await exportRun({
    fs: nodeFs,
    paths: pathsOf(at("out.jsonl")),
    manifest,
    folder,
    kind: { container: "csv", gzip: false, ending: ".csv" },
    format: "flat",
    order: "input",
    csvBom: false,
    to: at("export.csv"),
    signal: new AbortController().signal,
    warn: (message) => void warnings.push(message),
    ...options,
  });
  return { ...done, text: await readFile(at("export.csv"), "utf8") };
};

const cells = (text: string, ...names: readonly string[]): unknown[] =>
  (parse(text, { columns: true }) as Record<string, string>[]).map((row) => names.map((name) => row[name]));

describe("an export", () => {
  it("joins answers and failures to the input's columns, for rows without ids of their own as well", async () => {
    const manifest = await ran(["a", "fail", "ccc"]);
    const { text, ...counts } = await exported(manifest);
    expect(counts).toMatchObject({ rows: 3, answered: 2, failed: 1, bytes: text.length });
    expect(cells(text, "text", "length", "output", "_status", "_tokens_out")).toEqual([
      ["a", "1", "fine", "ok", "3"],
      ["fail", "4", "", "error", ""],
      ["ccc", "3", "fine", "ok", "3"],
    ]);
    expect(warnings).toEqual([]);
  });

  it("shows rows that are not answered yet, and says when there are records of others", async () => {
    const manifest = await ran(["a", "b"]);
    await writeFile(at("in.csv"), "text,length\nnew,3\nb,1\n");
    const { text, ...counts } = await exported(manifest);
    expect(counts).toMatchObject({ rows: 2, answered: 1, failed: 0 });
    expect(cells(text, "text", "_status")).toEqual([
      ["new", "pending"],
      ["b", "ok"],
    ]);
    expect(warnings).toEqual([expect.stringMatching(/records of 1 rows that are not in the input any more/)]);
  });

  it("has ids in place of columns when the input is gone or another, in the order that it had", async () => {
    const manifest = await ran(["a", "fail", "longest of them all"]);
    const records = (await readFile(at("out.jsonl"), "utf8")).trimEnd().split("\n");
    await writeFile(
      at("out.jsonl"),
      records
        .toReversed()
        .map((line) => `${line}\n`)
        .join(""),
    );
    const ids = records.map((line) => JSON.parse(line) as { custom_id: string; meta: { index: number } });
    const first = ids.find(({ meta }) => meta.index === 0)?.custom_id;
    await writeFile(at("in.csv"), "text,length\nother,5\n");
    const other = await exported(manifest);
    await rm(at("in.csv"));
    const gone = await exported(manifest);
    const unknown = await exported(undefined);
    for (const { text } of [other, gone, unknown]) {
      expect(cells(text, "_status")).toEqual([["ok"], ["error"], ["ok"]]);
      expect(cells(text, "custom_id")[0]).toEqual([first]);
    }
    expect(warnings).toEqual([
      expect.stringMatching(/the records are of other rows/),
      expect.stringMatching(/without the columns of the input: cannot read .*no such file/),
      expect.stringMatching(/does not say what its input was/),
    ]);
  });

  it("can choose columns, pass the bytes on until nobody wants more, and leave a file alone when it cannot go on", async () => {
    const manifest = await ran(["a", "b"]);
    expect((await exported(manifest, { fields: () => ["_status", "text"] })).text).toBe(
      "_status,text\r\nok,a\r\nok,b\r\n",
    );
    const pieces: string[] = [];
    const take = async (bytes: Uint8Array): Promise<boolean> => pieces.push(Buffer.from(bytes).toString()) < 1;
    const kind = { container: "jsonl", gzip: false, ending: "" } as const;
    await exported(manifest, { kind, format: "openai", to: take });
    expect(pieces.join("").split("\n").length).toBeGreaterThan(1);
    const unknown = (): never => {
      throw new RangeError("no such column");
    };
    await expect(exported(manifest, { fields: unknown })).rejects.toThrow(/no such column/);
    expect((await exported(manifest, { to: async () => true })).text).toContain("_status,text");
  });
});
