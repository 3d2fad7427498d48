import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Handler } from "../../call/handler.ts";
import { nodeFs } from "../files/node-fs.ts";
import { CallError } from "../../call/call-error.ts";
import { createLLM } from "../../client/create-llm.ts";
import type { LLM } from "../../client/llm.ts";
import type { RunEvent } from "../run-event.ts";
import { runFile } from "../run-file.ts";
import type { RunFileOptions } from "../run-options.ts";
import type { RunSummary } from "../run-summary.ts";
import { type Manifest, readManifest } from "./manifest.ts";

let at = (name: string): string => name;
let sent: string[] = [];
let warnings: string[] = [];
const clients: LLM[] = [];

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-settings-"));
  at = (name) => join(folder, name);
  sent = [];
  warnings = [];
  await inputOf("one", "two");
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

const inputOf = (...texts: string[]): Promise<void> =>
  writeFile(at("in.jsonl"), texts.map((text) => `${JSON.stringify({ id: text, text })}\n`).join(""));

/** Fails the prompts that hold a word. */
const client = (failing = "never"): LLM => {
  const handler: Handler = async ({ body }) => {
    const asked = JSON.stringify(body);
    sent.push(asked);
    if (asked.includes(failing)) throw new CallError("content_filter", "no", { status: 400 });
    return {
      status: 200,
      body: { choices: [{ index: 0, message: { role: "assistant", content: "yes" }, finish_reason: "stop" }] },
      deployment: "test",
    };
  };
  const made = createLLM({ handler, model: "m", retry: 0 });
  clients.push(made);
  return made;
};

const run = (options: Partial<RunFileOptions> = {}, llm: LLM = client()): Promise<RunSummary> =>
  runFile({
    input: at("in.jsonl"),
    output: at("out.jsonl"),
    llm,
    model: "m",
    prompt: "Say {{text}}",
    onEvent: (event: RunEvent) => event.type === "warning" && warnings.push(event.message),
    ...options,
  });

const manifest = async (): Promise<Manifest> => {
  const found = await readManifest(nodeFs, join(at("out.run"), "manifest.json"));
  if (found?.version !== 2) throw new Error("no manifest");
  return found;
};

const lines = async (name: string): Promise<number> => (await readFile(at(name), "utf8")).split("\n").length - 1;

describe("a run under other settings", () => {
  it.each<[string, Partial<RunFileOptions>, string]>([
    ["model", { model: "other" }, "model  m → other"],
    ["parameter", { params: { temperature: 0.5 } }, "parameter temperature  (none) → 0.5"],
    ["bound", { maxOutputTokens: 5 }, "max tokens  (none) → 5"],
    ["system message", { system: "Be brief" }, "system message  + Be brief"],
    ["prompt", { prompt: "Shout {{text}}" }, "prompt  - Say {{text}}\n          + Shout {{text}}"],
  ])("is refused when the %s differs, with the difference and three ways on", async (_name, options, shown) => {
    await run({ idColumn: "id" });
    const refusal = run({ idColumn: "id", ...options });
    await expect(refusal).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(shown) });
    await expect(refusal).rejects.toThrow(/out-2\.jsonl[^]*fresh: true[^]*acceptConfigChange: true/);
    expect(sent).toHaveLength(2);
    expect(await run({ idColumn: "id" })).toMatchObject({ resumed: 2 });
  });

  it("is refused although the rows have other ids then, because these are made from what is asked", async () => {
    await run();
    await expect(run({ prompt: "Shout {{text}}" })).rejects.toThrow("2 rows that other settings made");
    expect(sent).toHaveLength(2);
  });

  it("gives the ways on as commands when a command has started it", async () => {
    const text = (more: readonly string[]): string => ["sluice run in.jsonl", ...more].join(" ");
    const command = { words: ["run", "in.jsonl"], folder: at("."), text };
    await run({ command });
    const refusal = run({ command, model: "other" });
    await expect(refusal).rejects.toThrow(/run in\.jsonl -o .*out-2\.jsonl\n/);
    await expect(refusal).rejects.toThrow(/run in\.jsonl --fresh\n[^]*run in\.jsonl --accept-config-change$/);
  });

  it("goes on when that is accepted, and keeps the earlier settings in the manifest", async () => {
    await run({ idColumn: "id" });
    await inputOf("one", "two", "three");
    const summary = await run({ idColumn: "id", prompt: "Shout {{text}}", acceptConfigChange: true });
    expect(summary).toMatchObject({ outcome: "complete", resumed: 2, succeeded: 3 });
    expect(sent.at(-1)).toContain("Shout three");
    expect(warnings[0]).toBe("changed: prompt; 2 rows keep their earlier answers");
    const { prompt, history } = await manifest();
    expect(prompt).toBe("Shout {{text}}");
    expect(history).toEqual([
      expect.objectContaining({ by: "run", asked: expect.objectContaining({ prompt: "Say {{text}}" }) }),
    ]);
  });

  it("goes on where nothing has been answered, where it begins anew, and where rows were only moved or added", async () => {
    await run({ prompt: "Say no {{text}}", idColumn: "id" }, client("no"));
    expect(await run({ idColumn: "id", retryErrors: "all" })).toMatchObject({ outcome: "complete", resumed: 0 });
    await inputOf("three", "two", "one");
    expect(await run({ idColumn: "id" })).toMatchObject({ resumed: 2, succeeded: 3 });
    expect(await run({ idColumn: "id", model: "other", fresh: true })).toMatchObject({ resumed: 0 });
  });

  it("is found against the first version of the manifest, too", async () => {
    await run({ idColumn: "id" });
    const first = { version: 1, model: "m", prompt_hash: "0123", params: {}, started_at: "2026-01-01T00:00:00Z" };
    await writeFile(join(at("out.run"), "manifest.json"), JSON.stringify(first));
    await expect(run({ idColumn: "id" })).rejects.toThrow("prompt  the earlier one was not kept");
    await writeFile(join(at("out.run"), "manifest.json"), "{ torn");
    expect(await run({ idColumn: "id" })).toMatchObject({ outcome: "complete", resumed: 2 });
  });

  it("is not guessed where a newer program wrote the manifest: nothing is changed", async () => {
    await run({ idColumn: "id" });
    const newer = JSON.stringify({ version: 3, model: "m" });
    await writeFile(join(at("out.run"), "manifest.json"), newer);
    await expect(run({ idColumn: "id", fresh: true })).rejects.toThrow(/manifest\.json: a newer sluice wrote it/);
    expect(await readFile(join(at("out.run"), "manifest.json"), "utf8")).toBe(newer);
  });
});

describe("a manifest", () => {
  it("says what was run, without the secrets of the command line", async () => {
    const words = [
      "run",
      "in.jsonl",
      "--base-url",
      "https://me:hunter2hunter2@host/v1?key=abcdef",
      "-P",
      "api_key=s3cr3t",
    ];
    await run({ command: { words, folder: "/somewhere", text: () => "" } });
    expect(await manifest()).toMatchObject({
      words: ["run", "in.jsonl", "--base-url", "https://…@host/v1?key=…", "-P", "api_key=…"],
      masked: true,
      cwd: "/somewhere",
      inputs: [at("in.jsonl")],
      rows: 2,
      input_fingerprints: [
        { size: (await readFile(at("in.jsonl"))).length, hash: expect.stringMatching(/^[0-9a-f]{12}-[0-9a-f]{12}$/) },
      ],
    });
  });

  it("lets an input be known that has other questions under the same ids", async () => {
    await run({ idColumn: "id" });
    await writeFile(at("in.jsonl"), '{"id":"one","text":"1"}\n{"id":"two","text":"2"}\n');
    await run({ idColumn: "id" });
    expect(warnings).toEqual([expect.stringContaining("the input has changed, but not the ids")]);
    await run({ idColumn: "id" });
    expect(warnings).toHaveLength(1);
  });
});

describe("retryOf", () => {
  it("sends failed rows only, asked otherwise, under the ids that they have", async () => {
    await run({}, client("two"));
    const before = await readFile(at("out.errors.jsonl"), "utf8");
    const { custom_id: id } = JSON.parse(before) as { custom_id: string };
    await inputOf("one", "two", "three");
    const asked = await manifest();
    const summary = await run({
      model: "other",
      overrideModel: true,
      retryOf: { rows: "input", asked },
      retryErrors: "all",
    });
    expect(summary).toMatchObject({ succeeded: 2, failed: 0, remaining: 1 });
    expect(await readFile(at("out.jsonl"), "utf8")).toContain(id);
    expect(sent).toHaveLength(3);
    const after = await manifest();
    expect(after.model).toBe("m");
    expect(after.history).toEqual([
      expect.objectContaining({ by: "retry", asked: expect.objectContaining({ model: "other" }) }),
    ]);
    expect(await run()).toMatchObject({ outcome: "complete", resumed: 2, succeeded: 3 });
  });

  it("takes the requests from the errors file where the input is gone, the last of each row", async () => {
    await run({}, client("two"));
    const record = await readFile(at("out.errors.jsonl"), "utf8");
    await writeFile(at("out.errors.jsonl"), record + record + record.slice(0, 20));
    const { prompt: _prompt, ...options } = { prompt: "", input: at("gone.jsonl") };
    const llm = client();
    const summary = await runFile({
      ...options,
      llm,
      model: "m",
      output: at("out.jsonl"),
      retryOf: { rows: "errors" },
      retryErrors: "all",
    });
    expect(summary).toMatchObject({ outcome: "complete", rows: 1, succeeded: 1 });
    expect(sent).toHaveLength(3);
    expect(sent[2]).toBe(sent[1]);
    expect(await lines("out.jsonl")).toBe(2);
    await expect(readFile(at("out.errors.jsonl"))).rejects.toThrow("ENOENT");
  });

  it("sends those again that failed with a code that is named, and no others", async () => {
    await run({ idColumn: "id" }, client("two"));
    const asked = await manifest();
    const retryOf = { rows: "input", asked } as const;
    expect(await run({ idColumn: "id", retryOf, retryCodes: ["timeout"] })).toMatchObject({ failed: 1 });
    expect(sent).toHaveLength(2);
    expect(await run({ idColumn: "id", retryOf, retryCodes: ["content_filter"] })).toMatchObject({ failed: 0 });
  });
});
