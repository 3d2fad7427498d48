import { open } from "node:fs/promises";
import process from "node:process";
import { describe, expect, it, onTestFinished } from "vitest";
import { folder, provider, readRecords, sluice, start, until, writeRows } from "./cli.ts";

describe("a reader of events", () => {
  it("that leaves takes nothing with it: the run goes on to its end", async () => {
    const [{ url }, at] = [await provider({ firstTokenMs: 20, faults: { "400": 0.3 } }), await folder()];
    await writeRows(at("in.jsonl"), 100);
    const running = start(["run", at("in.jsonl"), "-m", "m", "--base-url", url, "-j", "4", "--json"]);
    running.child.stdout?.once("data", () => running.child.stdout?.destroy());
    const { code, stderr } = await running.finished;
    expect(code).toBe(3);
    expect(stderr).not.toContain("error:");
    const [answers, failures] = [await readRecords(at("in.out.jsonl")), await readRecords(at("in.out.errors.jsonl"))];
    expect(answers.length + failures.length).toBe(100);
  });

  it.runIf(process.platform === "linux")("that cannot be written to ends the run with exit 6", async () => {
    const [simulator, at] = [await provider({ firstTokenMs: 20 }), await folder()];
    await writeRows(at("in.jsonl"), 100);
    const full = await open("/dev/full", "w");
    onTestFinished(() => full.close());
    const command = ["run", at("in.jsonl"), "-m", "m", "--base-url", simulator.url, "-j", "4"];
    const { code, stderr } = await start([...command, "--json"], { stdoutFile: full.fd }).finished;
    expect(code).toBe(6);
    expect(stderr).toContain("error: cannot write stdout: no space is left");
    expect(simulator.ledger().received).toBeLessThan(100);
    expect((await sluice(command)).code).toBe(0);
    expect(simulator.ledger().received).toBe(100);
  });
});

describe("a terminal that is closed", () => {
  it.skipIf(process.platform === "win32")("drains the run", async () => {
    const [simulator, at] = [await provider({ firstTokenMs: 100 }), await folder()];
    await writeRows(at("in.jsonl"), 100);
    const running = start(["run", at("in.jsonl"), "-m", "m", "--base-url", simulator.url, "-j", "5"]);
    await until(() => simulator.ledger().completed >= 10);
    running.child.kill("SIGHUP");
    expect((await running.finished).code).toBe(129);
    const { received, completed } = simulator.ledger();
    expect(received).toBe(completed);
    expect(await readRecords(at("in.out.jsonl"))).toHaveLength(completed);
  });
});

describe("a provider that fails", () => {
  it("is told once per kind of failure, when a call is first sent again", async () => {
    const [{ url }, at] = [await provider({ faults: { "500": 0.5 } }), await folder()];
    await writeRows(at("in.jsonl"), 20);
    const command = ["run", at("in.jsonl"), "-m", "m", "--base-url", url, "-o", at("out.jsonl"), "--fresh"];
    const plain = await sluice([...command, "--progress", "plain"]);
    expect(plain.stderr.match(/^retrying {2}.*500.*$/gm)).toHaveLength(1);
    const { stdout, stderr } = await sluice([...command, "--json"]);
    expect(stderr).not.toContain("retrying");
    const news = stdout.split("\n").filter((line) => line.includes("retry_code"));
    expect(news.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ type: "state", retry_code: "server" }]);
    expect((await sluice([...command, "--progress", "none"])).stderr).not.toContain("retrying");
  });
});
