import { mkdtemp, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../time/system-clock.ts";
import { thisProcess, type LockOwner } from "./lock-owner.ts";
import { lock } from "./lock.ts";
import { nodeFs } from "./node-fs.ts";
import { RunError } from "../run-error.ts";

const host = "here";
const owner = (pid: number, alive: readonly number[] = []): LockOwner => ({
  pid,
  host,
  isAlive: (other) => alive.includes(other),
});

const newPath = async (): Promise<string> => join(await mkdtemp(join(tmpdir(), "sluice-lock-")), "lock");

const take = async (path: string, who: LockOwner, warnings: string[] = []): Promise<() => Promise<void>> =>
  lock({ fs: nodeFs, path, owner: who, clock: systemClock, warn: (message) => warnings.push(message) });

describe("lock", () => {
  it("refuses a second run while the first lives, naming its process", async () => {
    const path = await newPath();
    const release = await take(path, owner(11));
    await expect(take(path, owner(12, [11]))).rejects.toThrow(/process 11 on here/);
    await release();
    const again = await take(path, owner(12, [11]));
    await again();
    await expect(stat(path)).rejects.toThrow(/ENOENT/);
  });

  it("refuses a second run in the same process", async () => {
    const path = await newPath();
    const release = await take(path, owner(11));
    await expect(take(path, owner(11))).rejects.toBeInstanceOf(RunError);
    await release();
  });

  it("takes over the lock of a dead process with a warning", async () => {
    const path = await newPath();
    await writeFile(path, JSON.stringify({ pid: 7, host, started_at: new Date().toISOString() }));
    const warnings: string[] = [];
    const release = await take(path, owner(12), warnings);
    expect(warnings).toEqual([expect.stringContaining("process 7 did not end properly")]);
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ pid: 12, host });
    await release();
  });

  it("takes over a lock from before the machine started, although its number lives again", async () => {
    const path = await newPath();
    await writeFile(path, JSON.stringify({ pid: 7, host, started_at: "2001-01-01T00:00:00.000Z" }));
    await (
      await take(path, owner(12, [7]))
    )();
  });

  it("takes over a lock of its own number that it did not take: the container was restarted", async () => {
    const path = await newPath();
    await writeFile(path, JSON.stringify({ pid: 1, host, started_at: new Date().toISOString() }));
    await (
      await take(path, owner(1, [1]))
    )();
  });

  it("refuses the lock of another host, whose processes it cannot see", async () => {
    const path = await newPath();
    await writeFile(path, JSON.stringify({ pid: 7, host: "elsewhere", started_at: new Date().toISOString() }));
    await expect(take(path, owner(12))).rejects.toThrow(/process 7 on elsewhere/);
  });

  it("takes over the lock of another host that was not renewed for minutes", async () => {
    const path = await newPath();
    await writeFile(path, JSON.stringify({ pid: 7, host: "elsewhere", started_at: new Date().toISOString() }));
    await utimes(path, 1000, 1000);
    await (
      await take(path, owner(12))
    )();
  });

  it("asks the kernel where it keeps names: no file of a dead run stands in the way, and no living run is overlooked", async () => {
    const path = await newPath();
    await writeFile(path, JSON.stringify({ pid: process.pid, host: thisProcess().host }));
    const release = await take(path, thisProcess());
    await expect(take(path, { ...thisProcess(), pid: 12, isAlive: () => false })).rejects.toThrow(
      `process ${process.pid} on`,
    );
    await release();
    await (
      await take(path, thisProcess())
    )();
  });

  it("refuses an unfinished lock that is new and takes over one that is old", async () => {
    const path = await newPath();
    await writeFile(path, "");
    await expect(take(path, owner(12))).rejects.toBeInstanceOf(RunError);
    await utimes(path, 1000, 1000);
    await (
      await take(path, owner(12))
    )();
  });

  it("knows that this process lives and that an impossible one does not", () => {
    const { isAlive } = thisProcess();
    expect(isAlive(process.pid)).toBe(true);
    expect(isAlive(2 ** 30)).toBe(false);
  });

  it("knows the number of this process", () => {
    expect(thisProcess().pid).toBe(process.pid);
  });
});
