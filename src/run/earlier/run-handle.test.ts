import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { manifestWith } from "../../../test/fixtures/manifest.ts";
import { nodeFs } from "../files/node-fs.ts";
import type { OutputPaths } from "../paths.ts";
import { findRun, shownPath } from "./run-handle.ts";

const record = `${JSON.stringify({ id: "req_1", custom_id: "a", response: { status_code: 200 }, error: null })}\n`;
const manifest = (output: string): string => JSON.stringify(manifestWith({ output }));

interface Place {
  readonly folder: string;
  readonly find: (handle: string) => Promise<string>;
}

/** A folder with files, in which runs are found by the names of their outputs. */
const place = async (files: Readonly<Record<string, string>>, recent: readonly string[] = []): Promise<Place> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-handle-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const options = { fs: nodeFs, folder, recent: async () => recent.map((name) => join(folder, name)) };
  return { folder, find: async (handle) => shownPath((await findRun(handle, options)).paths.output, folder) };
};

const finished = {
  "labels.jsonl": record,
  "labels.errors.jsonl": record,
  "labels.run/manifest.json": manifest("/elsewhere/labels.jsonl"),
};

describe("the handle of a run", () => {
  it("is its output, its errors file, its folder, its stem, or last", async () => {
    const { folder, find } = await place(finished, ["gone.jsonl", "labels.jsonl"]);
    const handles = ["labels.jsonl", "./labels.jsonl", "labels.errors.jsonl", "labels.run", "labels.run/", "labels"];
    for (const handle of [...handles, join(folder, "labels.jsonl"), "last"]) {
      expect([handle, await find(handle)]).toEqual([handle, "labels.jsonl"]);
    }
  });

  it("names a run of another ending by its folder, whatever stands beside it", async () => {
    const { find } = await place({
      "labels.run/manifest.json": manifest("labels.csv"),
      "labels.errors.jsonl": record,
      "labels.csv": "id,text\n",
    });
    for (const handle of ["labels.csv", "labels.errors.jsonl", "labels.run"])
      expect(await find(handle)).toBe("labels.csv");
  });

  it("knows where the records stand that an output was made of", async () => {
    const { folder } = await place({
      "a.csv": "id\n",
      "a.run/manifest.json": manifest("a.csv"),
      "a.run/results.jsonl": record,
      "b.jsonl": record,
    });
    const find = async (name: string): Promise<OutputPaths> =>
      (await findRun(name, { fs: nodeFs, folder, recent: async () => [] })).paths;
    expect((await find("a.csv")).truth).toBe(join(folder, "a.run", "results.jsonl"));
    expect((await find("a.csv")).errors).toBe(join(folder, "a.errors.jsonl"));
    expect((await find("b.jsonl")).truth).toBe(join(folder, "b.jsonl"));
  });

  it("tells JSON lines that were made of records from another output's records in a folder of the same stem", async () => {
    const { folder } = await place({
      "flat.jsonl": "{}\n",
      "flat.run/manifest.json": manifest("flat.jsonl"),
      "flat.run/results.jsonl": record,
      "other.jsonl": record,
      "other.run/manifest.json": manifest("other.csv"),
      "other.run/results.jsonl": record,
    });
    const options = { fs: nodeFs, folder, recent: async () => [] };
    const flat = await findRun("flat.jsonl", options);
    expect([flat.paths.truth, flat.manifest?.output]).toEqual([join(folder, "flat.run/results.jsonl"), "flat.jsonl"]);
    const other = await findRun("other.jsonl", options);
    expect([other.paths.truth, other.manifest]).toEqual([join(folder, "other.jsonl"), undefined]);
  });

  it("is the run that it was when its files have been given another name", async () => {
    const { find } = await place({ "new.jsonl": record, "new.run/manifest.json": manifest("old.jsonl") });
    for (const handle of ["new.jsonl", "new.run", "new"]) expect(await find(handle)).toBe("new.jsonl");
  });

  it("needs nothing but the output, which another program may have written", async () => {
    const sorted = '{"custom_id":"a","error":null,"id":"x","response":{"status_code":200}}\n';
    const { find } = await place({ "a.jsonl": record, "b.jsonl": sorted, "c.errors.jsonl": record, "c.jsonl": "" });
    expect(await Promise.all(["a.jsonl", "b.jsonl", "c.errors.jsonl"].map(find))).toEqual([
      "a.jsonl",
      "b.jsonl",
      "c.jsonl",
    ]);
  });

  it("needs no output where all rows failed, or where it was moved away", async () => {
    const { find } = await place({ "labels.run/manifest.json": manifest("labels.jsonl") });
    expect(await find("labels.jsonl")).toBe("labels.jsonl");
  });

  it("says what is meant where a name is mistyped, and which runs there are", async () => {
    const { find } = await place(finished);
    await expect(find("lables.jsonl")).rejects.toThrow(/no such run\n {2}did you mean labels\.jsonl\?/);
    await expect(find("other-things.jsonl")).rejects.toThrow("runs there  labels.jsonl");
    await expect(find("lables.jsonl")).rejects.toMatchObject({ exitCode: 6 });
    const nothing = await place({});
    await expect(nothing.find("a.jsonl")).rejects.toThrow("sluice status lists");
  });

  it("says that an input is one, and of other files that they are not outputs", async () => {
    const { find } = await place({ "in.jsonl": '{"prompt":"hi"}\n', "in.out.jsonl": record, "notes.txt": "hello\n" });
    await expect(find("in.jsonl")).rejects.toThrow("it is an input; did you mean in.out.jsonl?");
    await expect(find("notes.txt")).rejects.toThrow("notes.txt is not the output of a run");
    await expect(find("notes.txt")).rejects.toMatchObject({ exitCode: 2 });
  });

  it("lists the runs in a folder that is not one's own", async () => {
    const { find } = await place({ "jobs/a.jsonl": record, "jobs/a.run/manifest.json": manifest("a.jsonl") });
    await expect(find("jobs")).rejects.toThrow("runs in it  jobs/a.jsonl");
  });

  it("says when no run of the machine is known", async () => {
    const { find } = await place({}, ["gone.jsonl"]);
    await expect(find("last")).rejects.toThrow("no run of this machine is known any more");
  });
});
