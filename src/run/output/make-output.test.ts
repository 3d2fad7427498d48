import { gunzipSync } from "node:zlib";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../call/json.ts";
import type { Fs } from "../files/fs.ts";
import { nodeFs } from "../files/node-fs.ts";
import { pathsOf } from "../paths.ts";
import { RowIndexBuilder } from "../source/row-index.ts";
import { checkOutputOptions, makeOutput, type MakeOutputOptions, type OutputMade } from "./make-output.ts";

let folder = "";
let warnings: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-make-"));
  warnings = [];
});
afterEach(() => rm(folder, { recursive: true }));

interface Outcome {
  readonly input?: JsonObject;
  readonly answer?: string;
  readonly failure?: string;
}

const meta = { model: "openai/gpt-5-mini", attempts: 2, latency_ms: 914 };

const answered = (id: string, content: string): string =>
  `${JSON.stringify({
    id: "req_1",
    custom_id: id,
    response: { status_code: 200, request_id: null, body: { choices: [{ message: { role: "assistant", content } }] } },
    error: null,
    meta: { ...meta, cost: { amount: 0.0001, currency: "USD" }, tokens: { input: 12, output: 3 } },
  })}\n`;

const failed = (id: string, message: string): string =>
  `${JSON.stringify({
    id: "req_2",
    custom_id: id,
    method: "POST",
    url: "/v1/chat/completions",
    body: {},
    response: { status_code: 400, request_id: null, body: { error: { message } } },
    error: null,
    meta: { ...meta, error_code: "content_filter", error_message: message },
  })}\n`;

/** Makes an output of rows that completed in the opposite order. */
const make = async (
  name: string,
  rows: readonly Outcome[],
  options: Partial<MakeOutputOptions> = {},
): Promise<OutputMade> => {
  const paths = pathsOf(join(folder, name), options.format);
  const index = new RowIndexBuilder();
  for (const row of rows.keys()) index.addExplicit(`id ${row}`, row + 1);
  await mkdir(dirname(paths.truth), { recursive: true });
  const lines = rows.map(({ answer, failure }, row) => ({
    answer: answer === undefined ? "" : answered(`id ${row}`, answer),
    failure: failure === undefined ? "" : failed(`id ${row}`, failure),
  }));
  await writeFile(
    paths.truth,
    lines
      .toReversed()
      .map(({ answer }) => answer)
      .join(""),
  );
  await writeFile(
    paths.errors,
    lines
      .toReversed()
      .map(({ failure }) => failure)
      .join(""),
  );
  async function* columns(): AsyncGenerator<readonly JsonObject[]> {
    for (let row = 0; row < rows.length; row += 7) yield rows.slice(row, row + 7).map(({ input = {} }) => input);
  }
  const warn = (message: string): void => void warnings.push(message);
  return makeOutput({ fs: nodeFs, paths, index: index.finish(), columns, warn, ...options });
};

const read = (name: string): Promise<string> => readFile(join(folder, name), "utf8");

describe("the output of a run", () => {
  it("is put in the order of the input, once, and leaves nothing else behind", async () => {
    const rows = [{ answer: "a" }, { failure: "no" }, { answer: "c" }];
    const inOrder = answered("id 0", "a") + answered("id 2", "c");
    expect(await make("out.jsonl", rows)).toEqual({ written: true, order: "input", bytes: inOrder.length, rows: 2 });
    expect(await read("out.jsonl")).toBe(inOrder);
    expect(await readdir(folder)).toEqual(["out.errors.jsonl", "out.jsonl"]);
    expect(await make("one.jsonl", [{ answer: "a" }, {}])).toMatchObject({ written: false, order: "input", rows: 1 });
  });

  it("stays in the order of completion when that is wanted, or when there is no room for a second copy", async () => {
    const rows = [{ answer: "a" }, { answer: "b" }];
    const asCompleted = answered("id 1", "b") + answered("id 0", "a");
    expect(await make("a.jsonl", rows, { order: "completion" })).toMatchObject({ written: false, order: "completion" });
    expect(await read("a.jsonl")).toBe(asCompleted);
    expect(warnings).toEqual([]);
    const full: Fs = { ...nodeFs, freeBytes: async () => 100 };
    expect(await make("b.jsonl", rows, { fs: full })).toMatchObject({ written: false, order: "completion" });
    expect(await read("b.jsonl")).toBe(asCompleted);
    expect(warnings).toEqual([expect.stringMatching(/a second copy needs 0 MB, and 0 MB are free/)]);
  });

  it("has the input's columns, the answer, and what became of the row, in flat rows", async () => {
    const rows = [
      { input: { text: "好", n: 1, tags: ["x"] }, answer: "pos" },
      { input: { text: "b", n: 2.5, _status: "old" }, failure: "not allowed" },
      { input: { text: "c", n: null, output: "mine" } },
    ];
    await make("out.jsonl", rows, { format: "flat" });
    const lines = (await read("out.jsonl"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as JsonObject);
    const outcome = { _model: "openai/gpt-5-mini", _attempts: 2, _latency_ms: 914 };
    const paid = { _tokens_in: 12, _tokens_out: 3, _cost: 0.0001 };
    const nothing = { _tokens_in: null, _tokens_out: null, _cost: null };
    const own = { n: null, tags: null, _status: null, output: null, output_2: null, _error: null, ...nothing };
    const none = { _model: null, _attempts: null, _latency_ms: null };
    expect(lines).toEqual([
      { ...own, ...outcome, ...paid, text: "好", n: 1, tags: '["x"]', output_2: "pos", _status_2: "ok" },
      {
        ...own,
        ...outcome,
        text: "b",
        n: 2.5,
        _status: "old",
        _status_2: "error",
        _error: "content_filter: not allowed",
      },
      { ...own, ...none, text: "c", output: "mine", _status_2: "pending" },
    ]);
    expect(Object.keys(lines[0] ?? {}).slice(0, 7)).toEqual([
      "text",
      "n",
      "tags",
      "_status",
      "output",
      "output_2",
      "_status_2",
    ]);
  });

  it("has a column for each field when every answer is an object, and none for them when one is not", async () => {
    const objects = [
      { input: { label: "?" }, answer: '{"label":"pos","score":1,"why":{"a":1}}' },
      { answer: ' {"label":"neg","score":0.5} ' },
      { failure: "no" },
    ];
    await make("a.csv", objects);
    const [header, ...lines] = parse(await read("a.csv")) as string[][];
    expect(header?.slice(0, 5)).toEqual(["label", "label_2", "score", "why", "_status"]);
    expect(lines.map((line) => line.slice(0, 5))).toEqual([
      ["?", "pos", "1", '{"a":1}', "ok"],
      ["", "neg", "0.5", "", "ok"],
      ["", "", "", "", "error"],
    ]);
    await make("b.csv", [...objects, { answer: "plain" }]);
    expect((await read("b.csv")).split("\r\n")[0]).toMatch(/^label,output,_status,_error/);
  });

  it("says what spreadsheets would calculate as text, leaves numbers alone, and marks itself for Excel when asked", async () => {
    const texts = ["=1+1", "+1 (555)", "-x", "@a", "\tb", "\rc", "\nd", "-1.5", "+3e9", "1-1", 'q"q', "a,b", ""];
    await make(
      "a.csv",
      texts.map((text) => ({ input: { text }, answer: text })),
      { csvBom: true },
    );
    const bytes = await readFile(join(folder, "a.csv"));
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    const rows = parse(bytes, { bom: true, columns: true, record_delimiter: "\r\n" }) as Record<string, string>[];
    const safe = texts.map((text, place) => (place < 7 ? `'${text}` : text));
    expect(rows.map(({ text }) => text)).toEqual(safe);
    expect(rows.map(({ output }) => output)).toEqual(safe);
  });

  it.each([
    ["a.csv", ","],
    ["a.tsv", "\t"],
    ["a.csv.gz", ","],
  ])("keeps every value in %s", async (name, delimiter) => {
    const text = fc.string({ unit: "binary", maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 20 }), async (pairs) => {
        await make(
          name,
          pairs.map(([input, answer]) => ({ input: { a: input }, answer: `x${answer}` })),
        );
        const bytes = await readFile(join(folder, name));
        const plain = name.endsWith(".gz") ? gunzipSync(bytes) : bytes;
        const rows = parse(plain, { delimiter, columns: true, record_delimiter: "\r\n" }) as Record<string, string>[];
        const isNumber = (value: string): boolean => /^[+-](\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value);
        const safe = (value: string): string =>
          /^[=+\-@\t\r\n]/.test(value) && !isNumber(value) ? `'${value}` : value;
        expect(rows.map(({ a, output }) => [a, output])).toEqual(pairs.map(([one, other]) => [safe(one), `x${other}`]));
      }),
      { numRuns: 40 },
    );
  });

  it("stays what it was when the new one cannot be made", async () => {
    await make("a.csv", [{ input: { a: 1 }, answer: "x" }]);
    const before = await read("a.csv");
    async function* short(): AsyncGenerator<readonly JsonObject[]> {}
    await expect(make("a.csv", [{ answer: "y" }], { columns: short })).rejects.toThrow(
      /the input has only 0 of its 1 rows/,
    );
    expect(await read("a.csv")).toBe(before);
    await expect(stat(join(folder, "a.csv.tmp"))).rejects.toThrow(/ENOENT/);
  });

  it("is refused before anything is sent when it cannot be made", () => {
    checkOutputOptions("a.csv");
    checkOutputOptions("a.jsonl.gz", "openai", "completion");
    expect(() => checkOutputOptions("a.xlsx")).toThrow(/its ending says none of the formats/);
    expect(() => checkOutputOptions("a.parquet", "openai")).toThrow(/"openai" is JSON lines/);
    expect(() => checkOutputOptions("a.csv", undefined, "completion")).toThrow(/in the order of the input/);
  });
});
