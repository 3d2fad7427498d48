import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hash } from "node:crypto";
import { describe, expect, it, onTestFinished } from "vitest";
import type { StoredReply } from "../../reuse/response-cache.ts";
import { systemClock } from "../../time/system-clock.ts";
import { DiskCache, type DiskCacheOptions } from "./disk-cache.ts";

const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "cache-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

const cacheIn = (folder: string, more: Partial<DiskCacheOptions> = {}) => {
  const failures: unknown[] = [];
  const cache = new DiskCache({
    folder,
    maxBytes: 2 ** 30,
    clock: systemClock,
    rng: () => 0.5,
    onFailure: (error) => failures.push(error),
    ...more,
  });
  return { cache, failures };
};

const keyOf = (name: string | number): string => hash("sha256", String(name));
const pathOf = (folder: string, key: string): string => join(folder, key.slice(0, 2), `${key}.json`);

const stored = (text: string): StoredReply => ({
  reply: {
    status: 200,
    body: { z: 1, a: [{ text, emoji: "\u{1F600}", half: "\ud83d" }], 7: null },
    usage: { inputTokens: 1, outputTokens: 2, cachedTokens: 0, reasoningTokens: 0 },
    deployment: "openai",
  },
  storedAt: 5,
});

const filesIn = async (folder: string): Promise<readonly string[]> => {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map(({ name, parentPath }) => join(parentPath, name));
};

describe("DiskCache", () => {
  it("gives back what was put, at once and after it is written, and to another process", async () => {
    const folder = join(await newFolder(), "not", "there", "yet");
    const { cache } = cacheIn(folder);
    const key = keyOf("a");
    expect(await cache.get(key)).toBeUndefined();
    await cache.put(key, stored("hi"));
    expect(await cache.get(key)).toEqual(stored("hi"));
    await cache.close();
    expect(await cache.get(key)).toEqual(stored("hi"));
    expect(await cacheIn(folder).cache.get(key)).toEqual(stored("hi"));
    expect(await filesIn(folder)).toEqual([pathOf(folder, key)]);
  });

  it("lets nobody else read the answers", async () => {
    const folder = join(await newFolder(), "cache");
    const { cache } = cacheIn(folder);
    await cache.put(keyOf("a"), stored("private"));
    await cache.close();
    const modes = [folder, join(folder, keyOf("a").slice(0, 2)), pathOf(folder, keyOf("a"))].map(async (path) => {
      return (await stat(path)).mode & 0o777;
    });
    expect(await Promise.all(modes)).toEqual([0o700, 0o700, 0o600]);
  });

  it.each<readonly [string, (path: string) => Promise<void>]>([
    ["cut off", async (path) => truncate(path, (await stat(path)).size - 20)],
    ["empty", (path) => truncate(path, 0)],
    ["changed", async (path) => writeFile(path, (await readFile(path, "utf8")).replace("hello", "jello"))],
    ["of another format", async (path) => writeFile(path, (await readFile(path, "utf8")).replace('mat":1', 'mat":9'))],
    ["of another key", async (path) => writeFile(path, (await readFile(path, "utf8")).replace(/"key":"./, '"key":"x'))],
    ["no JSON", (path) => writeFile(path, "\0\0\0\0")],
    ["a list", (path) => writeFile(path, "[]")],
  ])("takes a file that is %s for absent, removes it and writes it anew", async (_, spoil) => {
    const folder = await newFolder();
    const { cache, failures } = cacheIn(folder);
    const key = keyOf("a");
    await cache.put(key, stored("hello"));
    await cache.close();
    await spoil(pathOf(folder, key));
    expect(await cache.get(key)).toBeUndefined();
    expect(await filesIn(folder)).toEqual([]);
    await cache.put(key, stored("again"));
    await cache.close();
    expect(await cache.get(key)).toEqual(stored("again"));
    expect(failures).toEqual([]);
  });

  it("tells of a folder that is none", async () => {
    const folder = join(await newFolder(), "a-file");
    await writeFile(folder, "");
    const { cache, failures } = cacheIn(folder);
    await expect(cache.get(keyOf("a"))).rejects.toMatchObject({ code: "ENOTDIR" });
    await cache.put(keyOf("a"), stored("hi"));
    await cache.close();
    expect(failures).toMatchObject([{ code: "ENOTDIR" }]);
    expect(await readFile(folder, "utf8")).toBe("");
  });

  it("tells of a place that cannot be written, and leaves no half file behind", async () => {
    const folder = await newFolder();
    const { cache, failures } = cacheIn(folder);
    await mkdir(join(pathOf(folder, keyOf("a")), "in-the-way"), { recursive: true });
    await cache.put(keyOf("a"), stored("hi"));
    await cache.close();
    expect(failures).toHaveLength(1);
    expect(await filesIn(folder)).toEqual([]);
  });

  it("never gives a mixture to readers when several processes write the same entries at once", async () => {
    const folder = await newFolder();
    const caches = ["a", "b", "c"].map((name) => ({ name, ...cacheIn(folder) }));
    const long = "x".repeat(50_000);
    const keys = Array.from({ length: 30 }, (_, index) => keyOf(index));
    const reader = cacheIn(folder).cache;
    const seen = new Set<string>();
    const writing = caches.map(async ({ name, cache }) => {
      for (const key of keys) await cache.put(key, stored(name + long));
      await cache.close();
    });
    const reading = (async () => {
      for (let round = 0; round < 10; round++) {
        for (const key of keys) {
          const body = (await reader.get(key))?.reply.body;
          if (body !== undefined) seen.add(JSON.stringify(body));
        }
      }
    })();
    await Promise.all([...writing, reading]);
    const whole = new Set(caches.map(({ name }) => JSON.stringify(stored(name + long).reply.body)));
    expect([...seen].every((body) => whole.has(body))).toBe(true);
    expect(seen.size).toBeGreaterThan(0);
    expect(await filesIn(folder)).toHaveLength(keys.length);
    expect(caches.flatMap(({ failures }) => failures)).toEqual([]);
  });

  it("has room for a bounded number of answers that are not written yet", async () => {
    const { cache } = cacheIn(await newFolder());
    let accepted = 0;
    const putting = Array.from({ length: 500 }, async (_, index) => {
      await cache.put(keyOf(index), stored("hi"));
      accepted += 1;
    });
    await Promise.resolve();
    expect(accepted).toBeLessThanOrEqual(64);
    await Promise.all(putting);
    await cache.close();
    for (let index = 0; index < 500; index++) expect(await cache.get(keyOf(index))).toBeDefined();
  });
});

describe("DiskCache, when it is full", () => {
  const hoursAgo = async (path: string, hours: number): Promise<void> => {
    const at = new Date(Date.now() - hours * 3_600_000);
    await utimes(path, at, at);
  };

  it("stays within its bound, and what was longest not used goes first", async () => {
    const folder = await newFolder();
    const old = cacheIn(folder).cache;
    for (let index = 0; index < 100; index++) await old.put(keyOf(index), stored("old"));
    await old.close();
    await Promise.all(Array.from({ length: 100 }, (_, index) => hoursAgo(pathOf(folder, keyOf(index)), 200 - index)));
    // What is read counts as used.
    expect(await old.get(keyOf(0))).toBeDefined();
    const maxBytes = 100 * 4096;
    const { cache, failures } = cacheIn(folder, { maxBytes });
    for (let index = 100; index < 140; index++) {
      await cache.put(keyOf(index), stored("new"));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await cache.close();
    const left = new Set(await filesIn(folder));
    expect(failures).toEqual([]);
    expect(left.size).toBeLessThanOrEqual(110);
    expect(left.size).toBeGreaterThanOrEqual(85);
    expect(left.has(pathOf(folder, keyOf(0)))).toBe(true);
    const kept = Array.from({ length: 99 }, (_, index) => left.has(pathOf(folder, keyOf(index + 1))));
    // All that went is older than all that stayed.
    expect(kept.indexOf(true)).toBe(kept.filter((here) => !here).length);
    for (let index = 100; index < 140; index++) expect(left.has(pathOf(folder, keyOf(index)))).toBe(true);
  });

  it("does not store what is larger than all of it", async () => {
    const folder = await newFolder();
    const { cache } = cacheIn(folder, { maxBytes: 10_000 });
    await cache.put(keyOf("a"), stored("x".repeat(20_000)));
    await cache.close();
    expect(await filesIn(folder)).toEqual([]);
  });

  it("removes what a process left half-written long ago, and touches no file that is not its own", async () => {
    const folder = await newFolder();
    await mkdir(join(folder, "ab"));
    await mkdir(join(folder, "photos"));
    const [stale, current, foreign] = [
      join(folder, "ab", "x.json.1.tmp"),
      join(folder, "ab", "y.tmp"),
      join(folder, "photos", "z"),
    ];
    for (const path of [stale, current, foreign]) await writeFile(path, "");
    await hoursAgo(stale, 3);
    await hoursAgo(foreign, 10_000);
    const { cache } = cacheIn(folder, { rng: () => 0, maxBytes: 20_000 });
    for (let index = 0; index < 20; index++) await cache.put(keyOf(index), stored("hi"));
    await cache.close();
    const left = await filesIn(folder);
    expect(left).not.toContain(stale);
    expect(left).toContain(current);
    expect(left).toContain(foreign);
  });

  it("is made smaller by one process at a time, and again when that one has died", async () => {
    const folder = await newFolder();
    const options = { rng: () => 0, maxBytes: 20 * 4096 };
    const lock = join(folder, "shrinking");
    const fill = async (from: number): Promise<number> => {
      const { cache, failures } = cacheIn(folder, options);
      for (let index = from; index < from + 50; index++) await cache.put(keyOf(index), stored("hi"));
      await cache.close();
      expect(failures).toEqual([]);
      return (await filesIn(folder)).filter((path) => path.endsWith(".json")).length;
    };
    await writeFile(lock, "");
    expect(await fill(0)).toBe(50);
    await hoursAgo(lock, 2);
    expect(await fill(50)).toBeLessThanOrEqual(20);
    const caches = Array.from({ length: 4 }, () => cacheIn(folder, options).cache);
    await Promise.all(
      caches.map(async (cache, first) => {
        for (let index = 0; index < 30; index++) await cache.put(keyOf(`${first} ${index}`), stored("hi"));
        await cache.close();
      }),
    );
    expect((await filesIn(folder)).length).toBeGreaterThanOrEqual(10);
    expect(await filesIn(folder)).not.toContain(lock);
  });

  it("may be read where it may not be changed", async () => {
    const folder = await newFolder();
    const { cache, failures } = cacheIn(folder);
    await cache.put(keyOf("a"), stored("hi"));
    await cache.close();
    await hoursAgo(pathOf(folder, keyOf("a")), 5);
    await chmod(pathOf(folder, keyOf("a")), 0o400);
    expect(await cache.get(keyOf("a"))).toBeDefined();
    expect(failures).toEqual([]);
  });
});
