import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { folder, readRecords, sluice, start, until } from "./cli.ts";

describe("sluice", () => {
  it("shows help and version on stdout", async () => {
    for (const words of [[], ["--help"]]) {
      const { code, stdout } = await sluice(words);
      expect(code).toBe(0);
      expect(stdout).toContain("sluice run requests.jsonl");
    }
    const { code, stdout } = await sluice(["--version"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("sluice mock", () => {
  it("prints where it is, answers there, and exits with 0 at Ctrl-C", async () => {
    const running = start(["mock", "--port", "0", "--rpm", "500"]);
    let printed = "";
    running.child.stdout?.on("data", (text: string) => (printed += text));
    await until(() => printed.includes("try "));
    const url = /^mock +(http\S+)$/m.exec(printed)?.[1] ?? "";
    const { code } = await sluice(["run", "-", "-m", "m", "--base-url", url], { stdin: "hello\n" });
    expect(code).toBe(0);
    const ledger = /^ledger +(http\S+)$/m.exec(printed)?.[1] ?? "";
    expect(await (await fetch(ledger)).json()).toMatchObject({ received: 1, completed: 1 });
    running.child.kill("SIGINT");
    expect((await running.finished).code).toBe(0);
  });
});

describe("sluice demo", () => {
  it("answers its example questions, keeps the files when asked to, and exits with 0", async () => {
    const at = await folder();
    const { code, stderr } = await sluice(["demo", "--rows", "40", "--keep", at("demo")]);
    expect(stderr).toContain("40 ok");
    expect(code).toBe(0);
    expect(await readRecords(at("demo/answers.jsonl"))).toHaveLength(40);
    expect(await readdir(at("demo"))).toContain("questions.csv");
    expect(await readFile(at("demo/questions.csv"), "utf8")).toMatch(/^id,question\n/);
  });

  it("stops at Ctrl-C", async () => {
    const running = start(["demo", "--progress", "json"]);
    let printed = "";
    running.child.stdout?.on("data", (text: string) => (printed += text));
    await until(() => printed.includes('"start"'));
    running.child.kill("SIGINT");
    expect((await running.finished).code).toBe(130);
  });
});
