import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { begin, ended, type Ended, sluiceWords } from "../fixtures/begun.ts";
import { complete, type CrashPlace, crashPlace } from "../fixtures/crash-place.ts";
import { smallDisk } from "../fixtures/small-disk.ts";
import { traced } from "../fixtures/traced.ts";

const run = async (place: CrashPlace, output = place.run.output, within: readonly string[] = []): Promise<Ended> => {
  await using simulator = await startSimulator();
  const words = sluiceWords("run", place.run.input, "-m", "m", "--base-url", simulator.url, "-o", output);
  const end = await ended([...within, ...words]);
  expect(simulator.ledger().received).toBe(0);
  expect(end.stderr).not.toContain("    at ");
  return end;
};

const refusals: readonly (readonly [
  name: string,
  prepare: (at: (name: string) => string) => Promise<unknown>,
  said: RegExp,
])[] = [
  ["is a folder", (at) => mkdir(at("out.jsonl")), /cannot write .*out\.jsonl: it is a directory/u],
  [
    "is a pipe",
    (at) => promisify(execFile)("mkfifo", [at("out.jsonl")]),
    /cannot write .*out\.jsonl: it is not a regular file/u,
  ],
  [
    "has a file for a run folder",
    (at) => writeFile(at("out.run"), "mine"),
    /cannot write .*out\.run.*: .*not a (?:part|folder)|out\.run/u,
  ],
  [
    "has a folder for an errors file",
    (at) => mkdir(at("out.errors.jsonl")),
    /cannot write .*out\.errors\.jsonl: it is a directory/u,
  ],
  ["is somebody else's file", (at) => writeFile(at("out.jsonl"), "my notes\n"), /is not the output of a run/u],
  [
    "has a folder for a journal",
    (at) => mkdir(at("out.run/journal"), { recursive: true }),
    /cannot (?:read|write) .*journal/u,
  ],
];

describe("an output that cannot be written", () => {
  it.each(refusals)("%s, and the run says so before it sends anything", async (_, prepare, said) => {
    await using place = await crashPlace({ rows: 5 });
    await prepare((name) => join(place.folder, name));
    const { code, stderr } = await run(place);
    expect(stderr).toMatch(said);
    expect(code).toBe(6);
  });

  it("is a device that is always full, or in a folder that there is not", async () => {
    await using place = await crashPlace({ rows: 5 });
    expect(await run(place, "/dev/full")).toMatchObject({ code: 6, stderr: expect.stringContaining("/dev/full") });
    const missing = join(place.folder, "no/out.jsonl");
    expect(await run(place, missing)).toMatchObject({ code: 6, stderr: expect.stringContaining("does not exist") });
  });

  it("is on a disk that may only be read, from the start or when the run is continued", async () => {
    await using disk = await smallDisk("8m");
    await using place = await crashPlace({ rows: 5, mixed: false, under: disk.path });
    await disk.readOnly();
    const first = await run(place);
    expect(first.stderr).toContain("the file system is read-only");
    expect(first.code).toBe(6);
    await disk.writable();
    await complete(place);
    await writeFile(place.run.input, `{"prompt":"one more"}\n`, { flag: "a" });
    await disk.readOnly();
    const again = await run(place);
    expect(again.stderr).toContain("the file system is read-only");
    expect(again.code).toBe(6);
    await disk.writable();
  });

  it.each([
    ["EACCES", "permission denied"],
    ["EMFILE", "too many files are open"],
  ])("fails to open with %s, whichever of its files it is, and what was sent is told of", async (code, said) => {
    for (const name of [
      "out.run",
      "out.run/lock",
      "out.run/journal.tmp",
      "out.run/journal",
      "out.jsonl",
      "out.errors.jsonl",
    ]) {
      await using place = await crashPlace({ rows: 20 });
      const injections = [{ calls: ["openat", "mkdir"], when: "1+", effect: `error=${code}` }];
      const end = await traced(place.run, { files: [join(place.folder, name)], injections });
      expect(end.stderr, name).toMatch(/^cannot (?:write|read) .*out/u);
      expect(end.stderr, name).toContain(said);
      expect(end.stderr).not.toContain("    at ");
      expect(end.code).toBe(6);
      const { length } = await readFile(place.run.bill, "utf8").catch(() => "");
      if (name !== "out.errors.jsonl") expect(length, name).toBe(0);
      await complete(place);
    }
  });

  it("is deleted while the run writes to it, with all that is beside it", async () => {
    await using place = await crashPlace({ rows: 40, mixed: false });
    await using simulator = await startSimulator({ firstTokenMs: 60 });
    const words = sluiceWords(
      "run",
      place.run.input,
      "-m",
      "m",
      "--base-url",
      simulator.url,
      "-o",
      place.run.output,
      "-j",
      "4",
    );
    const running = begin(words);
    while (simulator.ledger().completed < 8) await new Promise((resolve) => setTimeout(resolve, 5));
    await rm(place.folder, { recursive: true });
    const { code, stderr } = await running.ended;
    expect(stderr).toContain("it was removed or replaced while the run was writing to it");
    expect(stderr).not.toContain("    at ");
    expect(code).toBe(6);
  });
});
