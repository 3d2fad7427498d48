import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { recordKind } from "./record-line.ts";
import { nodeFs } from "../files/node-fs.ts";
import { ForeignTail, repairTail } from "./torn-tail.ts";

let path = "";
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), "sluice-tail-")), "out.jsonl");
});

const record = (id: string, text: string): string =>
  `${JSON.stringify({ id: `req_${id}`, custom_id: id, response: { status_code: 200, body: { text } }, error: null })}\n`;

const repaired = async (content: string | Buffer) => {
  await writeFile(path, content);
  const repair = await repairTail(nodeFs, path, recordKind);
  return { repair, content: await readFile(path, "utf8") };
};

describe("repairTail", () => {
  it("cuts an unfinished last record off, wherever it was torn", async () => {
    const first = Buffer.from(record("a", "eins"));
    const last = Buffer.from(record("b", "zwölf 三 \u{1f600}"));
    for (let length = 1; length < last.length - 1; length++) {
      const { repair, content } = await repaired(Buffer.concat([first, last.subarray(0, length)]));
      expect(content).toBe(first.toString());
      expect(repair).toEqual({ removedBytes: length });
    }
  });

  it("cuts off a first record that is torn, at every byte", async () => {
    const only = Buffer.from(record("b", "三"));
    for (let length = 1; length < only.length - 1; length++) {
      expect((await repaired(only.subarray(0, length))).content).toBe("");
    }
  });

  it("keeps a whole record that only lacks its newline", async () => {
    const whole = record("a", "x") + record("b", "y");
    const { repair, content } = await repaired(whole.slice(0, -1));
    expect(content).toBe(whole);
    expect(repair).toEqual({ removedBytes: 0 });
  });

  it("cuts off zeros that a power loss left", async () => {
    const { content } = await repaired(record("a", "x") + "\0".repeat(5000));
    expect(content).toBe(record("a", "x"));
    expect((await repaired("\0".repeat(10))).content).toBe("");
  });

  it("leaves a whole file, an empty one and a missing one as they are", async () => {
    expect(await repaired(record("a", "x"))).toEqual({ repair: undefined, content: record("a", "x") });
    expect(await repaired("")).toEqual({ repair: undefined, content: "" });
    expect(await repairTail(nodeFs, `${path}.missing`, recordKind)).toBeUndefined();
  });

  it("finds the beginning of a last line that is longer than one read", async () => {
    const long = record("b", "x".repeat(300_000));
    expect((await repaired(record("a", "x") + long.slice(0, -5))).content).toBe(record("a", "x"));
    expect((await repaired(record("a", "x") + long)).repair).toBeUndefined();
  });

  it.each(["My notes\nwithout an end", '{"name":"x', "plain text\n", "id,text\n1,a\n"])(
    "does not touch a file that is not ours: %j",
    async (content) => {
      await writeFile(path, content);
      await expect(repairTail(nodeFs, path, recordKind)).rejects.toBeInstanceOf(ForeignTail);
      expect(await readFile(path, "utf8")).toBe(content);
    },
  );
});
