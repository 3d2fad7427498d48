import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { accountHash } from "../../src/cli/run/account-hash.ts";
import { folder, provider, sluice, writeRows } from "./cli.ts";

/** An environment in which runs remember, beside the test's own files. */
const remembering = (path: string): Readonly<Record<string, string>> => ({ SLUICE_CACHE: "", XDG_CACHE_HOME: path });

const rates = async (path: string): Promise<unknown> => {
  const { accounts } = JSON.parse(await readFile(path, "utf8")) as {
    accounts: Record<string, { limits: { rates?: unknown } }>;
  };
  return Object.values(accounts).map(({ limits }) => limits.rates);
};

describe("limits that a run has learned", () => {
  it("are where the next run begins, without the key being written down", async () => {
    const [simulator, at] = [await provider({ requestsPerMinute: 6000 }), await folder()];
    const environment = { ...remembering(at("cache")), SLUICE_API_KEY: "sk-very-secret-0123456789" };
    const file = at("cache/sluice/limits.json");
    await writeRows(at("in.jsonl"), 20);
    const command = ["run", at("in.jsonl"), "-m", "m", "--base-url", simulator.url];
    expect((await sluice(command, { environment })).code).toBe(0);
    expect(await rates(file)).toMatchObject([{ requestsPerMinute: { limit: 6000 } }]);
    const written = await readFile(file, "utf8");
    expect(written).not.toMatch(/sk-|secret|127\.0\.0\.1/);

    await writeFile(file, written.replace(/"limit":6000/, '"limit":5000'));
    expect((await sluice([...command, "--fresh"], { environment })).code).toBe(0);
    // What the provider says itself is believed before the memory.
    expect(await rates(file)).toMatchObject([{ requestsPerMinute: { limit: 6000 } }]);
  });

  it("are shown as learned, and left alone with --forget-limits", async () => {
    const [{ url }, at] = [await provider({ requestsPerMinute: 6000, headers: false }), await folder()];
    const account = accountHash({ baseURL: url, model: "m" });
    const entry = { at: Date.now(), limits: { rates: { requestsPerMinute: { limit: 5000 } } } };
    await mkdir(at("cache/sluice"), { recursive: true });
    await writeFile(at("cache/sluice/limits.json"), JSON.stringify({ version: 1, accounts: { [account]: entry } }));
    await writeRows(at("in.jsonl"), 20);
    const command = ["run", at("in.jsonl"), "-m", "m", "--base-url", url, "--fresh"];
    const environment = remembering(at("cache"));
    expect((await sluice(command, { environment })).stderr).toContain("of the learned 5,000 rpm limit");
    expect((await sluice([...command, "--forget-limits"], { environment })).stderr).not.toContain("learned");
  });

  it("are neither read nor written with SLUICE_CACHE=off, and never by the demo", async () => {
    const [simulator, at] = [await provider({ requestsPerMinute: 6000 }), await folder()];
    await writeRows(at("in.jsonl"), 5);
    const off = { ...remembering(at("cache")), SLUICE_CACHE: "off" };
    const command = ["run", at("in.jsonl"), "-m", "m", "--base-url", simulator.url];
    expect((await sluice(command, { environment: off })).code).toBe(0);
    expect((await sluice(["demo", "--rows", "5"], { environment: remembering(at("cache")) })).code).toBe(0);
    await expect(stat(at("cache"))).rejects.toThrow("ENOENT");
  });

  it("fail no run when they cannot be read or kept", async () => {
    const [simulator, at] = [await provider({ requestsPerMinute: 6000 }), await folder()];
    await writeRows(at("in.jsonl"), 5);
    await mkdir(at("cache/sluice/limits.json"), { recursive: true });
    const command = ["run", at("in.jsonl"), "-m", "m", "--base-url", simulator.url];
    const { code, stderr } = await sluice(command, { environment: remembering(at("cache")) });
    expect(code).toBe(0);
    expect(stderr).not.toContain("limits.json");
  });
});
