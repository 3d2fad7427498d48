import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { provider } from "./cli.ts";
import { place } from "./cli-place.ts";

const environment = { OPENAI_API_KEY: "sk-test-0123456789" };

const dearRows = Array.from({ length: 200 }, (_, row) =>
  JSON.stringify({ prompt: `write ${row}`, max_tokens: 100_000 }),
);

describe("sluice estimate", () => {
  it("says what a run would take, and makes no call", async () => {
    const { here } = await place({}, 500);
    const command = ["estimate", "in.jsonl", "-m", "openai/gpt-5-mini", "--rpm", "100"];
    const { code, stdout } = await here(command, { environment });
    expect(code).toBe(0);
    expect(stdout).toContain("500 to send");
    expect(stdout).toMatch(/cost +\$0\.0\d+–\$0\.\d+/);
    expect(stdout).toContain("about 5m (bound by 100 rpm)");
    const json = JSON.parse((await here([...command, "--json"], { environment })).stdout) as object;
    expect(json).toMatchObject({ to_send: 500, output_from: "assumption", bound_by: "requestsPerMinute" });
  });

  it("takes several inputs, as a run does, and needs no key", async () => {
    const { at, here } = await place({}, 3);
    await writeFile(at("more.txt"), "one\ntwo\n");
    const command = ["estimate", "in.jsonl", "more.txt", "-o", "all.jsonl", "-m", "openai/gpt-5-mini"];
    const { stdout } = await here(command);
    expect(stdout).toMatch(/^in\.jsonl, more\.txt {2}openai\/gpt-5-mini\n +rows +5 /);
  });

  it("tells rows that are done apart, and learns from their answers", async () => {
    const simulator = await provider();
    const prices = JSON.stringify({ prices: { "custom/m": { input: 1, output: 2, currency: "CNY" } } });
    const { here } = await place({ "sluice.config.json": prices }, 60);
    const about = ["in.jsonl", "-m", "m", "--base-url", simulator.url];
    expect((await here(["run", ...about, "-n", "40"])).code).toBe(0);
    const found = JSON.parse((await here(["estimate", ...about, "--json"])).stdout) as object;
    expect(found).toMatchObject({ rows: 60, done: 40, to_send: 20, output_from: "earlier-answers", answers: 40 });
    expect(found).toMatchObject({ costs: [{ currency: "CNY" }], spent_before: [{ currency: "CNY" }] });
    expect(simulator.ledger().received).toBe(40);
    const { stderr } = await here(["run", ...about]);
    expect(stderr).toMatch(/^20 rows · ~[\d,.k]+ tokens · ¥[\d.]+–¥[\d.]+ · about \d+s \(bound by /m);
  });

  it("keeps a dear run from beginning unasked where there is no terminal, unless it is agreed to", async () => {
    const { at, here } = await place({}, 1);
    await writeFile(at("in.jsonl"), `${dearRows.join("\n")}\n`);
    const command = ["run", "in.jsonl", "-m", "openai/gpt-5-mini", "--confirm-above", "0.01"];
    const { code, stderr } = await here(command, { environment });
    expect(code).toBe(2);
    expect(stderr).toMatch(/the run may cost \$[\d.]+, more than \$0\.010 {2}\(nothing was sent\)/);
    expect(stderr).toContain("--yes agrees");
  });

  it("shows what a trial of a few rows asked and got, without what a terminal would obey", async () => {
    const simulator = await provider();
    const { at, here } = await place({}, 1);
    await writeFile(
      at("in.jsonl"),
      `${JSON.stringify({ custom_id: "a", prompt: "red \u001b[31malert\u0007" })}\n`.repeat(1),
    );
    const { code, stderr } = await here(["run", "in.jsonl", "-m", "m", "--base-url", simulator.url, "-n", "5"]);
    expect(code).toBe(0);
    expect(stderr).toContain("the answer:\n  a  red alert\n    → Echo: red alert");
    expect(stderr).not.toContain("\u0007");
  });
});
