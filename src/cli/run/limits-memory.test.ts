import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createLLM } from "../../client/create-llm.ts";
import type { LearnedLimits } from "../../limit/learned-limits.ts";
import { VirtualClock } from "../../time/virtual-clock.ts";
import { limitsMemory, type LimitsMemory } from "./limits-memory.ts";

const clock = new VirtualClock();
const stats = createLLM({ clock, model: "m", handler: () => Promise.reject(new Error("unused")) }).stats();

const clientOf = (
  limits: LearnedLimits,
  { attempts = 10, throttled = 0 } = {},
): Parameters<LimitsMemory["note"]>[0] => ({
  learnedLimits: () => limits,
  stats: () => ({ ...stats, attempts, throttled }),
});

const cache = async (): Promise<{ path: string; open: typeof open }> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-limits-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const variables: Readonly<Record<string, string>> = { XDG_CACHE_HOME: folder };
  const host = { platform: "linux", environment: (name: string) => variables[name] };
  const open = async (account: string, forget = false): Promise<LimitsMemory> => {
    const memory = await limitsMemory({ account, forget, host, clock });
    if (memory === undefined) throw new Error("There is no memory");
    return memory;
  };
  return { path: join(folder, "sluice", "limits.json"), open };
};

describe("the memory of learned limits", () => {
  it("tells the next run of the same account what this one has found", async () => {
    const { open, path } = await cache();
    const first = await open("a");
    expect(first.learned).toEqual({});
    first.note(clientOf({ maxConcurrent: 32 }));
    first.note(clientOf({ maxConcurrent: 40, rates: { requestsPerMinute: { limit: 500 } } }));
    await first.written();
    expect((await open("a")).learned).toEqual({ maxConcurrent: 40, rates: { requestsPerMinute: { limit: 500 } } });
    expect((await open("b")).learned).toEqual({});
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(dirname(path))).toEqual(["limits.json"]);
  });

  it("keeps what another run has entered meanwhile", async () => {
    const { open } = await cache();
    const [one, other, same] = [await open("a"), await open("b"), await open("a")];
    one.note(clientOf({ maxConcurrent: 32 }));
    await one.written();
    other.note(clientOf({ maxConcurrent: 5 }));
    same.note(clientOf({ rates: { tokensPerMinute: { limit: 9000 } } }));
    await Promise.all([other.written(), same.written()]);
    const third = await open("c");
    third.note(clientOf({ maxConcurrent: 7 }));
    await third.written();
    expect((await open("a")).learned.maxConcurrent).toBe(32);
  });

  it("writes nothing for a run that sent or found nothing", async () => {
    const { open, path } = await cache();
    const memory = await open("a");
    memory.note(clientOf({}));
    memory.note(clientOf({ maxConcurrent: 32 }, { attempts: 0 }));
    await memory.written();
    await expect(stat(path)).rejects.toThrow("ENOENT");
  });

  it("forgets what was known when asked to, and replaces it by what is found then", async () => {
    const { open } = await cache();
    const first = await open("a");
    first.note(clientOf({ maxConcurrent: 32, rates: { requestsPerMinute: { limit: 60 } } }));
    await first.written();
    const anew = await open("a", true);
    expect(anew.learned).toEqual({});
    anew.note(clientOf({ maxConcurrent: 50 }));
    await anew.written();
    expect((await open("a")).learned).toEqual({ maxConcurrent: 50 });
  });

  it("begins anew where the file is corrupt", async () => {
    const { open, path } = await cache();
    await mkdir(dirname(path));
    await writeFile(path, '{"version":1,"accounts":{"a":{"at"');
    const memory = await open("a");
    expect(memory.learned).toEqual({});
    memory.note(clientOf({ maxConcurrent: 32 }));
    await memory.written();
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({
      accounts: { a: { limits: { maxConcurrent: 32 } } },
    });
  });

  it("fails nobody where nothing can be written", async () => {
    const { open, path } = await cache();
    // A file stands where the folder should be.
    await writeFile(dirname(path), "");
    const memory = await open("a");
    memory.note(clientOf({ maxConcurrent: 32 }));
    await memory.written();
    expect((await open("a")).learned).toEqual({});
  });
});
