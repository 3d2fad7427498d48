import { mkdir, readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { folder, parseRecords, provider, readRecords, sluice, start, until, writeRows } from "./cli.ts";

const ids = (records: readonly { readonly custom_id: string }[]): string[] =>
  records.map(({ custom_id }) => custom_id).toSorted();

const expectedIds = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `r${index + 1}`).toSorted();

describe("sluice run", () => {
  it("answers every row once, under its id, and exits with 0", async () => {
    const [{ url }, at] = [await provider(), await folder()];
    await writeRows(at("in.jsonl"), 200);
    const { code, stdout, stderr } = await sluice(["run", at("in.jsonl"), "-m", "m", "--base-url", url, "-j", "50"]);
    expect(stderr).toContain("200 ok");
    expect(code).toBe(0);
    expect(stdout).toBe("");
    expect(ids(await readRecords(at("in.out.jsonl")))).toEqual(expectedIds(200));
  });

  it("sends nothing when everything is done, and only what is new when rows were added", async () => {
    const [simulator, at] = [await provider(), await folder()];
    const command = ["run", at("in.jsonl"), "-m", "m", "--base-url", simulator.url];
    await writeRows(at("in.jsonl"), 20);
    await sluice(command);
    const again = await sluice(command);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain("nothing was sent");
    expect(simulator.ledger().received).toBe(20);
    await writeRows(at("in.jsonl"), 25);
    expect((await sluice(command)).code).toBe(0);
    expect(simulator.ledger().received).toBe(25);
  });

  it("loses no row and pays at most those in flight twice when it is killed and run again", async () => {
    const [simulator, at] = [await provider({ firstTokenMs: 60 }), await folder()];
    const command = ["run", at("in.jsonl"), "-m", "m", "--base-url", simulator.url, "-j", "20"];
    await writeRows(at("in.jsonl"), 300);
    const killed = start(command);
    await until(() => simulator.ledger().completed >= 100);
    killed.child.kill("SIGKILL");
    expect((await killed.finished).signal).toBe("SIGKILL");
    const { code } = await sluice(command);
    expect(code).toBe(0);
    expect(ids(await readRecords(at("in.out.jsonl")))).toEqual(expectedIds(300));
    const { received, entries } = simulator.ledger();
    expect(new Set(entries.map(({ prompt }) => prompt)).size).toBe(300);
    expect(received - 300).toBeLessThanOrEqual(20);
  });

  it("asks first what may take longest, and lets -j MIN-MAX bound how much at once", async () => {
    const [simulator, at] = [await provider({ firstTokenMs: 30 }), await folder()];
    const bounds = [20, 200, 2000, 20_000];
    const rows = Array.from({ length: 80 }, (_, row) => ({
      prompt: `${bounds[row % 4]}`,
      max_tokens: bounds[row % 4],
    }));
    await writeFile(at("in.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const { code } = await sluice(["run", at("in.jsonl"), "-m", "m", "--base-url", simulator.url, "-j", "2-4"]);
    expect(code).toBe(0);
    const { entries, peakInFlight } = simulator.ledger();
    expect(peakInFlight).toBeGreaterThanOrEqual(2);
    expect(peakInFlight).toBeLessThanOrEqual(4);
    // What is in flight together may arrive in another order.
    const places = entries.map(({ prompt }) => bounds.indexOf(Number(prompt)));
    expect(places.slice(0, 17)).toEqual(Array.from({ length: 17 }, () => 3));
    expect(places.slice(-17)).toEqual(Array.from({ length: 17 }, () => 0));
  });

  it("drains at the first Ctrl-C, says how to go on, and goes on", async () => {
    const [simulator, at] = [await provider({ firstTokenMs: 100 }), await folder()];
    const command = ["run", at("in.jsonl"), "-m", "m", "--base-url", simulator.url, "-j", "5"];
    await writeRows(at("in.jsonl"), 100);
    const running = start(command);
    await until(() => simulator.ledger().completed >= 10);
    running.child.kill("SIGINT");
    const { code, stderr } = await running.finished;
    expect(code).toBe(130);
    expect(stderr).toMatch(/stopping: no new requests, \d in flight, \^C again to abort/);
    expect(stderr).toContain(`sluice ${command.join(" ")}`);
    const { received, completed } = simulator.ledger();
    expect(received).toBe(completed);
    expect(await readRecords(at("in.out.jsonl"))).toHaveLength(completed);
    expect((await sluice(command)).code).toBe(0);
    expect(simulator.ledger().received).toBe(100);
  });

  it("aborts what hangs at the second signal and exits with the code of the first", async () => {
    const [simulator, at] = [await provider({ faults: { silent: 1 } }), await folder()];
    await writeRows(at("in.jsonl"), 10);
    const running = start(["run", at("in.jsonl"), "-m", "m", "--base-url", simulator.url]);
    await until(() => simulator.ledger().received === 10);
    running.child.kill("SIGTERM");
    await until(() => running.stderr().includes("stopping"));
    // One that follows at once would be the same key press.
    await new Promise((resolve) => setTimeout(resolve, 200));
    running.child.kill("SIGTERM");
    const { code, stderr } = await running.finished;
    expect(code).toBe(143);
    expect(stderr).toContain("10 rows left");
  });

  it("renders CSV columns into the prompt, and files rows under --id-column", async () => {
    const [simulator, at] = [await provider(), await folder()];
    await writeFile(at("in.csv"), '\ufeffid,text\r\na,"one, two"\r\nb,three\r\n');
    const flags = ["-p", "Sentiment of: {{text}}", "--id-column", "id", "-P", "temperature=0", "-o", at("out.jsonl")];
    const { code } = await sluice(["run", at("in.csv"), "-m", "m", "--base-url", simulator.url, ...flags]);
    expect(code).toBe(0);
    expect(ids(await readRecords(at("out.jsonl")))).toEqual(["a", "b"]);
    const prompts = simulator.ledger().entries.map(({ prompt }) => prompt);
    expect(prompts.toSorted()).toEqual(["Sentiment of: one, two", "Sentiment of: three"]);
  });

  it("pipes clean JSON: results on stdout, all else on stderr", async () => {
    const { url } = await provider();
    const { code, stdout, stderr } = await sluice(["run", "-", "-m", "m", "--base-url", url], {
      stdin: "Name three rivers\nName three lakes\n",
    });
    expect(code).toBe(0);
    expect(parseRecords(stdout)).toHaveLength(2);
    expect(stderr).toContain("2 ok");
  });

  it("writes nothing but NDJSON events to stdout with --json", async () => {
    const [{ url }, at] = [await provider({ faults: { "400": 0.3 } }), await folder()];
    await writeRows(at("in.jsonl"), 30);
    const { code, stdout } = await sluice(["run", at("in.jsonl"), "-m", "m", "--base-url", url, "--json"]);
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events[0]).toMatchObject({ type: "start", rows: 30, to_send: 30 });
    expect(events.at(-1)).toMatchObject({ type: "done", rows: 30, exit_code: 3 });
    expect(code).toBe(3);
    const failed = events.filter(({ type }) => type === "row_failed");
    expect(failed).toHaveLength(Number(events.at(-1)?.["failed"]));
    expect(await readRecords(at("in.out.errors.jsonl"))).toHaveLength(failed.length);
  });

  it("keeps the earlier output under another name with --fresh", async () => {
    const [simulator, at] = [await provider(), await folder()];
    const command = ["run", at("in.jsonl"), "-m", "m", "--base-url", simulator.url];
    await writeRows(at("in.jsonl"), 5);
    await sluice(command);
    const { code, stderr } = await sluice([...command, "--fresh"]);
    expect(code).toBe(0);
    expect(stderr).toContain(".bak-");
    expect(simulator.ledger().received).toBe(10);
  });

  it("streams on the wire with --stream and records whole bodies", async () => {
    const [simulator, at] = [await provider(), await folder()];
    await writeRows(at("in.jsonl"), 5);
    const { code } = await sluice(["run", at("in.jsonl"), "-m", "m", "--base-url", simulator.url, "--stream"]);
    expect(code).toBe(0);
    expect(simulator.ledger().entries.every(({ streamed }) => streamed)).toBe(true);
    const records = await readRecords(at("in.out.jsonl"));
    expect(records.every(({ response }) => response?.body.choices?.length === 1)).toBe(true);
  });

  it("refuses an output that cannot be written with exit 6, before anything is sent", async () => {
    const [simulator, at] = [await provider(), await folder()];
    await writeRows(at("in.jsonl"), 5);
    await mkdir(at("out.jsonl"));
    const words = ["run", at("in.jsonl"), "-m", "m", "--base-url", simulator.url, "-o", at("out.jsonl")];
    const { code, stderr } = await sluice(words);
    expect(code).toBe(6);
    expect(stderr).toContain(`error: cannot write ${at("out.jsonl")}`);
    expect(simulator.ledger().received).toBe(0);
  });

  it("ends quietly when whoever reads stdout leaves", async () => {
    const { url } = await provider({ firstTokenMs: 20 });
    const prompts = Array.from({ length: 200 }, (_, index) => `question ${index}\n`).join("");
    const running = start(["run", "-", "-m", "m", "--base-url", url, "-j", "2"], { stdin: prompts });
    running.child.stdout?.once("data", () => running.child.stdout?.destroy());
    const { code, stderr } = await running.finished;
    expect(code).toBe(0);
    expect(stderr).not.toContain("error");
  });

  it("lets the errors file be an input of its own", async () => {
    const [bad, good, at] = [await provider({ faults: { "400": 1 } }), await provider(), await folder()];
    await writeRows(at("in.jsonl"), 4);
    const failed = await sluice(["run", at("in.jsonl"), "-m", "m", "--base-url", bad.url]);
    expect(failed.code).toBe(3);
    expect(failed.stderr).toMatch(/4 +invalid_request +400 +not retryable/);
    const out = ["-o", at("second.jsonl")];
    const second = await sluice(["run", at("in.out.errors.jsonl"), "-m", "m", "--base-url", good.url, ...out]);
    expect(second.code).toBe(0);
    expect(ids(await readRecords(at("second.jsonl")))).toEqual(expectedIds(4));
    expect(await readFile(at("in.out.jsonl"), "utf8")).toBe("");
  });

  it("asks failed rows of another format in that format again", async () => {
    const [bad, good, at] = [await provider({ faults: { "400": 1 } }), await provider(), await folder()];
    const params = { model: "m", max_tokens: 9, messages: [{ role: "user", content: "hi" }] };
    await writeFile(at("in.jsonl"), `${JSON.stringify({ custom_id: "a", params })}\n`);
    expect((await sluice(["run", at("in.jsonl"), "--base-url", bad.url])).code).toBe(3);
    const out = ["-o", at("second.jsonl")];
    const second = await sluice(["run", at("in.out.errors.jsonl"), "--base-url", good.url, ...out]);
    expect(second.stderr).toContain("1 ok");
    const [record] = await readRecords(at("second.jsonl"));
    expect(record?.response?.body).toMatchObject({ type: "message" });
  });
});
