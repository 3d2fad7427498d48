import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { provider, readRecords, sluice } from "./cli.ts";
import { place } from "./cli-place.ts";

/** A provider that takes any key, and tells how often each has come. */
const keyCounter = async (): Promise<{ readonly url: string; readonly counts: Map<string, number> }> => {
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const key = request.headers.authorization ?? "";
    counts.set(key, (counts.get(key) ?? 0) + 1);
    request.resume().on("end", () => {
      const message = { role: "assistant", content: "yes" };
      const usage = { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: "stop" }], usage }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, counts };
};

describe("a run with a configuration", () => {
  it("takes model, address, key and limits from a YAML file, and keeps the limits", async () => {
    const simulator = await provider({ apiKey: "sk-right" });
    const config = `model: mine/m\nproviders:\n  mine: { baseURL: "${simulator.url}", key: $MY_KEY, limits: { rpm: 600/m, concurrency: 2 } }\n`;
    const { at, here } = await place({ "sluice.config.yaml": config, ".env": "MY_KEY=sk-right\n" }, 20);
    const { code, stderr } = await here(["run", "in.jsonl"]);
    expect(stderr).toContain("20 ok");
    expect(code).toBe(0);
    const records = await readRecords(at("in.out.jsonl"));
    expect(records).toHaveLength(20);
    expect(records[0]?.meta).toMatchObject({ provider: "mine" });
    const { received, peakInFlight } = simulator.ledger();
    expect(received).toBe(20);
    expect(peakInFlight).toBeLessThanOrEqual(2);
  });

  it("never sends more in a minute than a YAML file allows", async () => {
    const simulator = await provider();
    const config = `model: m\nbaseURL: ${simulator.url}\nlimits:\n  rpm: 5/s\n`;
    const { here } = await place({ "sluice.config.yaml": config }, 16);
    const { code, stderr } = await here(["run", "in.jsonl"]);
    expect(code).toBe(0);
    expect(stderr).toContain("300 rpm");
    const times = simulator.ledger().entries.map(({ atMs }) => atMs);
    // Spread evenly: what 300 a minute allows, and not all at once.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(15 * 200 * 0.5);
  });

  it("reads TypeScript, and lets flags win", async () => {
    const [typed, configured] = [await provider(), await provider()];
    const config = `
      import { defineConfig, type SluiceConfig } from "sluice";
      const config: SluiceConfig = { model: "m", baseURL: ${JSON.stringify(configured.url)}, limits: { rpm: "6k" } };
      export default defineConfig(config);
    `;
    const { here } = await place({ "sluice.config.ts": config });
    expect((await here(["run", "in.jsonl"])).code).toBe(0);
    expect(configured.ledger().received).toBe(10);
    expect((await here(["run", "in.jsonl", "--fresh", "--base-url", typed.url])).code).toBe(0);
    expect(typed.ledger().received).toBe(10);
    expect(configured.ledger().received).toBe(10);
  });

  it("uses all the keys of a provider", async () => {
    const { url, counts } = await keyCounter();
    const config = {
      model: "mine/m",
      providers: { mine: { baseURL: url, keys: ["$ONE", "$TWO"], limits: { rpm: 300 } } },
    };
    const { here } = await place({ "sluice.config.json": JSON.stringify(config) }, 20);
    const { code } = await here(["run", "in.jsonl"], { environment: { ONE: "key-1", TWO: "key-2" } });
    expect(code).toBe(0);
    expect([...counts.keys()].toSorted()).toEqual(["Bearer key-1", "Bearer key-2"]);
    expect((counts.get("Bearer key-1") ?? 0) + (counts.get("Bearer key-2") ?? 0)).toBe(20);
  });

  it("shares the rows among the deployments of a name", async () => {
    const [one, two] = [await provider({ apiKey: "sk-1" }), await provider({ apiKey: "sk-2" })];
    const limits = { rpm: 300 };
    const providers = {
      one: { baseURL: one.url, key: "$ONE", limits },
      two: { baseURL: two.url, key: "$TWO", limits },
    };
    const sluiceConfig = { providers, deployments: { both: ["one/m", "two/m"] } };
    const { here } = await place({ "package.json": JSON.stringify({ name: "x", sluice: sluiceConfig }) }, 20);
    const environment = { ONE: "sk-1", TWO: "sk-2" };
    expect((await here(["run", "in.jsonl", "-m", "both"], { environment })).code).toBe(0);
    const received = [one.ledger().received, two.ledger().received];
    expect(received.every((count) => count > 0)).toBe(true);
    expect(received.reduce((sum, count) => sum + count, 0)).toBe(20);
    const { code, stderr } = await here(["run", "in.jsonl", "-m", "boht"], { environment });
    expect(code).toBe(2);
    expect(stderr).toContain("did you mean both?");
  });

  it("asks the fallback when the provider is dead", async () => {
    const dead = await provider();
    await dead.close();
    const alive = await provider();
    const config = [
      "model: dead/m",
      "retries: 0",
      "providers:",
      `  dead: { baseURL: "${dead.url}" }`,
      `  alive: { baseURL: "${alive.url}" }`,
      "fallbacks: { dead/m: [alive/m] }",
    ].join("\n");
    const { at, here } = await place({ "sluice.config.yml": config });
    const { code, stderr } = await here(["run", "in.jsonl"]);
    expect(stderr).toContain("10 ok");
    expect(code).toBe(0);
    expect(alive.ledger().received).toBe(10);
    const [record] = await readRecords(at("in.out.jsonl"));
    expect(record?.meta).toMatchObject({ model: "alive/m", provider: "alive" });
  });

  it("counts the money by the prices of a file", async () => {
    const simulator = await provider();
    const config = `model: mine/m\nproviders:\n  mine: { baseURL: "${simulator.url}" }\nprices: prices.json\n`;
    const prices = JSON.stringify({ "mine/*": { input: 1e6, output: 2e6, currency: "CNY" } });
    const { at, here } = await place({ "sluice.config.yaml": config, "prices.json": prices });
    const { code, stderr } = await here(["run", "in.jsonl", "--yes"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/¥[\d,]+/);
    const [record] = await readRecords(at("in.out.jsonl"));
    expect(record?.meta).toMatchObject({ cost: { currency: "CNY" } });
  });

  it("is not begun when the configuration is wrong", async () => {
    const { here } = await place({ "sluice.config.yaml": "model: m\nlimits:\n  rmp: 5\n" });
    const { code, stderr } = await here(["run", "in.jsonl"]);
    expect(code).toBe(2);
    expect(stderr).toContain("unknown key limits.rmp (did you mean rpm?)\n  in         sluice.config.yaml:3\n");
  });
});

describe("sluice config", () => {
  it("shows each value with its origin, and keys only masked", async () => {
    const { here } = await place({
      "sluice.config.yaml": "model: openai/m\nproviders:\n  openai: { key: $KEY }\nlimits:\n  rpm: 500/m\n",
      ".env": "KEY=sk-0123456789abcdef\n",
      "home/.config/sluice/config.yaml": "limits: { tpm: 200k }\n",
    });
    const { code, stdout } = await here(["config", "--origin", "--retries", "2"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^key +value +origin\n/);
    expect(stdout).toMatch(/^model +openai\/m +sluice\.config\.yaml:1$/m);
    expect(stdout).toMatch(/^providers\.openai\.keys +sk-…cdef +sluice\.config\.yaml:3$/m);
    expect(stdout).toMatch(/^limits\.rpm +500 +sluice\.config\.yaml:5$/m);
    expect(stdout).toMatch(/^limits\.tpm +200000 +~\/\.config\/sluice\/config\.yaml:1$/m);
    expect(stdout).toMatch(/^retries +2 +flag --retries$/m);
    expect(stdout).toMatch(/^timeout +10m +default$/m);
    expect((await here(["config"])).stdout).toMatch(
      /^limits:\n {2}concurrency: auto\n {2}rpm: 500\n {2}tpm: 200000\n/m,
    );
    expect(JSON.parse((await here(["config", "--json"])).stdout)).toMatchObject({
      providers: { openai: { keys: ["sk-…cdef"] } },
      limits: { rpm: 500 },
    });
    expect(JSON.parse((await here(["config", "--json", "--origin"])).stdout)).toContainEqual({
      key: "limits.rpm",
      value: 500,
      origin: "sluice.config.yaml:5",
    });
  });
});

describe("what was mistyped", () => {
  it.each([
    [["rnu"], "Did you mean run?"],
    [["run", "x", "--modle", "y"], "Did you mean --model?"],
    [["run", "-", "-m", "opnai/gpt"], "did you mean openai/gpt?"],
  ])("is answered with what was meant: sluice %s", async (words, meant) => {
    const { code, stderr } = await sluice(words);
    expect(code).toBe(2);
    expect(stderr).toContain(meant);
  });
});
