import { describe, expect, it } from "vitest";
import { folder, provider, sluice, start, until, writeRows } from "./cli.ts";

describe("sluice status", () => {
  it("follows a run of this machine while it goes on, when it was killed, and to its end", async () => {
    const [silent, good, at] = [await provider({ faults: { silent: 1 } }), await provider(), await folder()];
    const options = { cwd: at("."), environment: { SLUICE_CACHE: "", XDG_CACHE_HOME: at("cache") } };
    const command = ["run", "in.jsonl", "-m", "m", "-o", "labels.jsonl", "-j", "4", "--base-url"];
    await writeRows(at("in.jsonl"), 40);
    const running = start([...command, silent.url], options);
    await until(() => silent.ledger().received >= 4);
    const watching = start(["status", "labels.jsonl", "--watch"], options);
    await new Promise((resolve) => watching.child.stdout?.once("data", resolve));
    running.child.kill("SIGKILL");
    const watched = await watching.finished;
    expect(watched.stdout).toMatch(
      /^labels\.jsonl {3}running {3}0% {3}0\/40 ok=0 fail=0\nlabels\.jsonl {3}stopped \(killed\)/,
    );
    expect(watched.stdout).toContain(`sluice ${command.join(" ")} ${silent.url}   go on with it`);
    expect(watched.code).toBe(0);
    const lost = await sluice(["show", "last", "r1"], options);
    expect(lost.stdout).toMatch(/^r1 {3}no outcome yet: 1 attempt was sent and not answered: possibly paid/);
    expect((await sluice([...command, good.url], options)).code).toBe(0);

    const json = await sluice(["status", "--json"], options);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { state: "ended", outcome: "complete", exit_code: 0, rows: 40, succeeded: 40, remaining: 0, in_flight: 0 },
    ]);
    const table = await sluice(["status"], {
      ...options,
      environment: { ...options.environment, LANG: "zh_CN.UTF-8" },
    });
    expect(table.stdout).toMatch(/^状态 +输出 +行数.*\n已完成 +labels\.jsonl +40\/40/);
  });

  it("knows nothing where nothing is kept, and still looks at a run by its output", async () => {
    const [{ url }, at] = [await provider(), await folder()];
    await writeRows(at("in.jsonl"), 3);
    await sluice(["run", at("in.jsonl"), "-m", "m", "--base-url", url]);
    expect((await sluice(["status"])).stdout).toContain("no run of this machine is known");
    expect((await sluice(["status", "last"])).code).toBe(2);
    expect((await sluice(["status", at("in.out.jsonl")])).stdout).toMatch(/finished {3}100%/);
  });
});
