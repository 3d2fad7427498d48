import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { begin, ended, sluiceWords } from "../fixtures/begun.ts";
import { type CrashPlace, crashPlace } from "../fixtures/crash-place.ts";

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
};

const words = (input: string, output: string, { url }: Simulator): readonly string[] =>
  sluiceWords("run", input, "-m", "m", "--base-url", url, "-o", output, "-j", "4");

const linesOf = async (path: string): Promise<number> => (await readFile(path, "utf8")).split("\n").length - 1;

/** A run that stays for as long as it is let, and the provider that it waits for. */
const held = async (place: CrashPlace) => {
  const slow = await startSimulator({ faults: { silent: 1 } });
  const holder = begin(words(place.run.input, place.run.output, slow));
  await until(() => slow.ledger().received > 0);
  const end = async (): Promise<void> => {
    holder.kill();
    await holder.ended;
    await slow.close();
  };
  return { holder, end };
};

describe("the lock of a run", () => {
  it("turns away a second run by any name of the output with the holder's number, and is free when the holder is killed", async () => {
    await using place = await crashPlace({ rows: 20, mixed: false });
    await using fast = await startSimulator();
    const { holder, end } = await held(place);
    await symlink(place.folder, join(place.folder, "link"));
    await symlink(place.run.output, join(place.folder, "other.jsonl"));
    const names = [place.run.output, join(place.folder, "link/out.jsonl"), join(place.folder, "other.jsonl")];
    for (const output of names) {
      const { code, stderr } = await ended(words(place.run.input, output, fast));
      const who = output.endsWith("out.jsonl") ? `process ${holder.pid} on` : "another process is writing to";
      expect(stderr, output).toContain(who);
      expect(code).toBe(6);
    }
    expect(fast.ledger().received).toBe(0);
    await end();
    const { code, stderr } = await ended(words(place.run.input, place.run.output, fast));
    expect(stderr).toContain("continues it");
    expect(code).toBe(0);
    expect(await linesOf(place.run.output)).toBe(20);
  });

  it("is not that of a copy", async () => {
    await using place = await crashPlace({ rows: 20, mixed: false });
    await using fast = await startSimulator();
    const { end } = await held(place);
    const copy = join(place.folder, "copy");
    await mkdir(copy);
    for (const name of ["in.jsonl", "out.jsonl", "out.run"]) {
      await cp(join(place.folder, name), join(copy, name), { recursive: true });
    }
    const { code, stderr } = await ended(words(join(copy, "in.jsonl"), join(copy, "out.jsonl"), fast));
    expect(code, stderr).toBe(0);
    expect(await linesOf(join(copy, "out.jsonl"))).toBe(20);
    await end();
  });

  it("is taken by one of five that begin at the same moment", async () => {
    await using place = await crashPlace({ rows: 20, mixed: false });
    await using slow = await startSimulator({ firstTokenMs: 400 });
    const five = Array.from({ length: 5 }, () => begin(words(place.run.input, place.run.output, slow)));
    const ends = await Promise.all(five.map((one) => one.ended));
    const turnedAway = ends.filter(({ code }) => code === 6);
    for (const { stderr } of turnedAway) expect(stderr).toContain("is writing to the same output");
    for (const { code, stderr } of ends) if (code !== 6) expect(code, stderr).toBe(0);
    expect(slow.ledger().received).toBe(20);
    expect(await linesOf(place.run.output)).toBe(20);
  });

  it("is no lock when it is a leftover of a machine that was restarted", async () => {
    await using place = await crashPlace({ rows: 5, mixed: false });
    await using fast = await startSimulator();
    await mkdir(place.paths.folder);
    await writeFile(join(place.paths.folder, "lock"), "");
    const { code, stderr } = await ended(words(place.run.input, place.run.output, fast));
    expect(code, stderr).toBe(0);
  });
});
