import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { nodeFs } from "../files/node-fs.ts";
import { findRecord, type RecordQuery } from "./find-record.ts";

type Find = (id: string, options?: Partial<RecordQuery>) => ReturnType<typeof findRecord>;

const fileOf = async (text: string): Promise<Find> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-find-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "out.jsonl");
  await writeFile(path, text);
  return (id, options) => findRecord({ fs: nodeFs, path, id, ...options });
};

const line = (id: string, answer: string): string =>
  `${JSON.stringify({ id: "req_1", custom_id: id, response: { status_code: 200, body: { answer } }, error: null })}\n`;

const answerOf = (record: Awaited<ReturnType<typeof findRecord>>): unknown =>
  record === undefined ? undefined : JSON.parse(JSON.stringify(record)).response.body.answer;

describe("findRecord", () => {
  it("finds a record wherever the reads happen to end, and only by its own id", async () => {
    const ids = Array.from({ length: 200 }, (_, row) => `r${row}`);
    const find = await fileOf(ids.map((id) => line(id, `to ${id}`)).join(""));
    for (const chunkBytes of [64, 101, 4096]) {
      for (const id of ["r0", "r1", "r77", "r199"]) {
        expect(answerOf(await find(id, { chunkBytes }))).toBe(`to ${id}`);
      }
      expect(await find("r", { chunkBytes })).toBeUndefined();
    }
  });

  it("is not led astray by an id that an answer quotes", async () => {
    const nested = {
      id: "q",
      custom_id: "a",
      response: { body: { custom_id: "b", text: line("b", "none") } },
      error: null,
    };
    const find = await fileOf(`${JSON.stringify(nested)}\n${line("b", "the real one")}`);
    expect(answerOf(await find("b"))).toBe("the real one");
  });

  it("finds ids with quotes and other scripts, and files that other programs wrote", async () => {
    const python = '{"custom_id": "\\u884c-\\u4e00", "response": {"body": {"answer": "py"}}, "error": null}\n';
    const find = await fileOf(`${line('say "hi"', "quoted")}${line("行-二", "written plainly")}${python}`);
    expect(answerOf(await find('say "hi"'))).toBe("quoted");
    expect(answerOf(await find("行-二"))).toBe("written plainly");
    expect(answerOf(await find("行-一"))).toBe("py");
  });

  it("takes the last record when it is told to, and passes over a torn one", async () => {
    const find = await fileOf(`${line("a", "first")}${line("a", "second")}${line("a", "torn").slice(0, -9)}`);
    expect(answerOf(await find("a"))).toBe("first");
    expect(answerOf(await find("a", { last: true, chunkBytes: 64 }))).toBe("second");
  });

  it("finds nothing in a file that is not there", async () => {
    expect(await findRecord({ fs: nodeFs, path: "/nonexistent/out.jsonl", id: "a" })).toBeUndefined();
  });
});
