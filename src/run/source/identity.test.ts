import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SourceOptions, openSource } from "./source.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-identity-"));
});
afterAll(() => rm(folder, { recursive: true }));

const idsOf = async (lines: readonly unknown[], options: Partial<SourceOptions> = {}): Promise<string[]> => {
  const path = join(folder, "in.jsonl");
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const source = await openSource({
    path,
    encode: ({ prompt, messages }) => ({ messages: messages ?? [{ role: "user", content: prompt ?? "" }] }),
    ...options,
  });
  const index = await source.validate(new AbortController().signal);
  const ids: string[] = [];
  for await (const row of source.rows(index, () => false)) {
    expect(index.find(row.id)).toBe(row.index);
    ids.push(row.id);
  }
  return ids;
};

describe("the identity of a row", () => {
  it("is made of the request, and numbered when the request repeats", async () => {
    const [first, other, second, third] = await idsOf(["a", "b", "a", "a"]);
    expect(first).toMatch(/^row-[0-9a-f]{12}$/);
    expect(other).not.toBe(first);
    expect([second, third]).toEqual([`${first}-2`, `${first}-3`]);
  });

  it("survives reordering, appending, and other columns", async () => {
    const [a, b] = await idsOf([{ prompt: "a" }, { prompt: "b" }]);
    expect(await idsOf([{ prompt: "b", note: 1 }, { prompt: "c" }, { prompt: "a" }])).toEqual([
      b,
      expect.any(String),
      a,
    ]);
  });

  it("does not depend on the order of keys, nor on streaming", async () => {
    const [id] = await idsOf([{ prompt: "a", temperature: 1, top_p: 1 }]);
    expect(await idsOf([{ top_p: 1.0, temperature: 1, prompt: "a" }])).toEqual([id]);
    expect(await idsOf([{ prompt: "a", temperature: 1, top_p: 1, stream: true }])).toEqual([id]);
    expect(await idsOf([{ prompt: "a", temperature: 1, top_p: 1 }], { stream: true })).toEqual([id]);
  });

  it("changes with the parameters and the model", async () => {
    const ids = [
      await idsOf(["a"]),
      await idsOf(["a"], { params: { temperature: 0 } }),
      await idsOf(["a"], { model: "m1" }),
      await idsOf(["a"], { model: "m2" }),
    ];
    expect(new Set(ids.flat()).size).toBe(4);
    const named = [{ prompt: "a", model: "m1" }];
    expect(await idsOf(named, { model: "m2" })).toEqual(await idsOf(["a"], { model: "m1" }));
    expect(await idsOf(named, { model: "m2", overrideModel: true })).toEqual(await idsOf(["a"], { model: "m2" }));
  });

  it("is what the row says where it says something", async () => {
    expect(
      await idsOf([
        { custom_id: "x", prompt: "a" },
        { custom_id: 7, prompt: "a" },
      ]),
    ).toEqual(["x", "7"]);
    expect(await idsOf([{ key: "k", custom_id: "x", prompt: "a" }], { idColumn: "key" })).toEqual(["k"]);
    expect(await idsOf([{ custom_id: null, prompt: "a" }])).toEqual(await idsOf(["a"]));
  });

  it("may be any name that an object has", async () => {
    const ids = ["__proto__", "constructor", "toString"];
    expect(await idsOf(ids.map((id) => ({ custom_id: id, prompt: "a" })))).toEqual(ids);
  });

  it("is refused when two rows claim it, with both lines", async () => {
    const lines = [{ custom_id: "x", prompt: "a" }, "free", { custom_id: "x", prompt: "b" }];
    await expect(idsOf(lines)).rejects.toMatchObject({
      line: 3,
      exitCode: 2,
      message: expect.stringContaining('line 3: the id "x" stands on line 1 too  (nothing was sent)'),
    });
  });
});
