import { describe, expect, it } from "vitest";
import { folder, provider, sluice, start, until, writeRows } from "./cli.ts";

describe("sluice status", () => {
  it("follows a run of this machine while it goes on, when it was killed, and to its end", async () => {
    const [simulator, at] = [await provider({ firstTokenMs: 300 }), await folder()];
    const options = { cwd: at("."), environment: { SLUICE_CACHE: "", XDG_CACHE_HOME: at("cache") } };
    const command = ["run", "in.jsonl", "-m", "m", "--base-url", simulator.url, "-o", "labels.jsonl", "-j", "4"];
    await writeRows(at("in.jsonl"), 40);
    const running = start(command, options);
    await until(() => simulator.ledger().completed >= 4);
    const live = await sluice(["status", "labels.jsonl"], options);
    expect(live.stdout).toMatch(/^labels\.jsonl {3}running {3}\d+%/);
    running.child.kill("SIGKILL");
    await running.finished;

    const killed = await sluice(["status", "last"], options);
    expect(killed.stdout).toMatch(/^labels\.jsonl {3}stopped \(killed\)/);
    expect(killed.stdout).toContain(`sluice ${command.join(" ")}   go on with it`);

    const again = start(command, options);
    const watched = start(["status", "labels.jsonl", "--watch"], options);
    const { stdout, code } = await watched.finished;
    await again.finished;
    expect(code).toBe(0);
    expect(stdout).toMatch(/labels\.jsonl {3}(finished|running|reading|stopped)/);

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
