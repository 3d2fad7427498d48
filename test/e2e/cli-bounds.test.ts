import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { folder, provider, readRecords, sluice, writeRows } from "./cli.ts";
import { place } from "./cli-place.ts";

const config = JSON.stringify({ prices: { "custom/m": { input: 100, output: 1000 } } });

/** What the provider would charge for all that it generated, at the prices of the configuration. */
const charged = (simulator: Simulator): number =>
  simulator
    .ledger()
    .entries.reduce((sum, entry) => sum + (100 * entry.promptTokens + 1000 * entry.completionTokens) / 1e6, 0);

describe("sluice run with bounds", () => {
  it("never costs more than --max-cost by the provider's own ledger, and goes on with more", async () => {
    const simulator = await provider({ firstTokenMs: 20, faults: { 500: 0.1, cut: 0.1 }, seed: 3 });
    const { at, here } = await place({ "sluice.config.json": config }, 60);
    const command = ["run", "in.jsonl", "-m", "m", "--base-url", simulator.url, "--max-tokens", "20", "-j", "32"];
    const most = 0.8;
    const first = await here([...command, "--max-cost", `$${most}`]);
    expect(first.code).toBe(5);
    expect(first.stderr).toContain("stopped at --max-cost");
    expect(first.stderr).toContain("with a higher --max-cost, the same command goes on with the");
    expect(simulator.ledger().completed).toBeGreaterThan(10);
    expect(charged(simulator)).toBeLessThanOrEqual(most);

    const done = (await readRecords(at("in.out.jsonl"))).length;
    const last = await here([...command, "--max-cost", "$100", "--json"]);
    expect(last.code).toBe(0);
    const end = JSON.parse(last.stdout.trim().split("\n").at(-1) ?? "") as { resumed: number; outcome: string };
    expect(end).toMatchObject({ outcome: "complete", resumed: done });
  });

  it("tells programs which bound was reached", async () => {
    const simulator = await provider();
    const { here } = await place({ "sluice.config.json": config }, 30);
    const command = ["run", "in.jsonl", "-m", "m", "--base-url", simulator.url, "--max-tokens", "20", "--json"];
    const { code, stdout } = await here([...command, "--max-cost", "0.3"]);
    expect(code).toBe(5);
    expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({
      type: "done",
      outcome: "bounded",
      exit_code: 5,
      bound: { kind: "max-cost", most: { amount: 0.3, currency: "USD" } },
    });
  });

  it("refuses a --max-cost that it could not keep, before anything is sent", async () => {
    const simulator = await provider();
    const { here } = await place({}, 5);
    const command = ["run", "in.jsonl", "-m", "m", "--base-url", simulator.url, "--max-cost", "1"];
    const { code, stderr } = await here(command);
    expect(code).toBe(2);
    expect(stderr).toContain("cannot keep --max-cost: the price of 5 rows is unknown");
    expect(simulator.ledger().received).toBe(0);
  });

  it("stops after --max-duration and by --halt, with exit code 5", async () => {
    const slow = await provider({ firstTokenMs: 100 });
    const { here } = await place({}, 400);
    const duration = await here([
      "run",
      "in.jsonl",
      "-m",
      "m",
      "--base-url",
      slow.url,
      "-j",
      "4",
      "--max-duration",
      "300ms",
    ]);
    expect(duration.code).toBe(5);
    expect(duration.stderr).toContain("stopped at --max-duration");
    const faulty = await provider({ faults: { 400: 0.5 }, seed: 5 });
    const halt = ["--halt", "soon,fail=20%", "--fresh", "-o", "halted.jsonl"];
    const halted = await here(["run", "in.jsonl", "-m", "m", "--base-url", faulty.url, "-j", "4", ...halt]);
    expect(halted.code).toBe(5);
    expect(halted.stderr).toMatch(/\d+ of \d+ finished rows failed/);
    expect(faulty.ledger().received).toBeLessThan(60);
  });

  it("ends at a wrong key or an empty account with what was in flight, and only when every key is refused", async () => {
    const simulator = await provider({ apiKey: "good-key", firstTokenMs: 30 });
    const at = await folder();
    await writeRows(at("in.jsonl"), 2000);
    const command = ["run", "in.jsonl", "-m", "m", "--base-url", simulator.url, "-j", "64"];
    const wrong = await sluice(command, { cwd: at("."), environment: { SLUICE_API_KEY: "bad-key" } });
    expect(wrong.code).toBe(4);
    expect(simulator.ledger().received).toBeLessThanOrEqual(64);
    expect(await readFile(at("in.out.jsonl"), "utf8")).toBe("");
    const empty = await provider({ faults: { quota: 1 }, firstTokenMs: 30 });
    const spent = await sluice(["run", "in.jsonl", "-m", "m", "--base-url", empty.url, "-j", "8"], { cwd: at(".") });
    expect([spent.code, empty.ledger().received <= 8]).toEqual([4, true]);

    await writeRows(at("in.jsonl"), 200);
    const flaky = await provider({ apiKey: "good-key", faults: { 500: 0.3 }, seed: 5 });
    const tried = { providers: { two: { keys: ["good-key", "bad-key"], baseURL: flaky.url, dialect: "openai" } } };
    await writeFile(at("sluice.config.json"), JSON.stringify(tried));
    const again = await sluice(["run", "in.jsonl", "-m", "two/m", "-n", "60", "-o", "t.jsonl"], { cwd: at(".") });
    expect(again.code, again.stderr).toBe(0);

    const two = { providers: { two: { keys: ["bad-key", "good-key"], baseURL: simulator.url, dialect: "openai" } } };
    await writeFile(at("sluice.config.json"), JSON.stringify(two));
    const mixed = await sluice(["run", "in.jsonl", "-m", "two/m", "-j", "64", "-o", "two.jsonl"], { cwd: at(".") });
    expect(mixed.code).toBe(0);
    expect((await readRecords(at("two.jsonl"))).length).toBe(200);
  });
});
