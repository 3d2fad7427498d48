import { access, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { type Finished, folder, provider, readRecords, sluice, writeRows } from "./cli.ts";

interface Outcome extends Finished {
  /** How many requests reached the provider. */
  readonly sent: number;
  readonly at: (name: string) => string;
}

/** Runs over a file with that content. */
const runOver = async (name: string, content: string | Buffer, flags: readonly string[] = []): Promise<Outcome> => {
  const [simulator, at] = [await provider(), await folder()];
  await writeFile(at(name), content);
  const finished = await sluice(["run", at(name), "-m", "m", "--base-url", simulator.url, ...flags]);
  return { ...finished, sent: simulator.ledger().received, at };
};

describe("bad input", () => {
  it("is nothing to do when the file is empty: an empty output, exit 0", async () => {
    const { code, stderr, at } = await runOver("in.jsonl", "");
    expect(code).toBe(0);
    expect(stderr).toContain("no rows");
    expect(await readRecords(at("in.out.jsonl"))).toEqual([]);
  });

  it("may begin with a BOM and end its lines with CRLF", async () => {
    const { code, at } = await runOver(
      "in.jsonl",
      '\ufeff{"prompt":"a","custom_id":"1"}\r\n{"prompt":"b","custom_id":"2"}\r\n',
    );
    expect(code).toBe(0);
    expect(await readRecords(at("in.out.jsonl"))).toHaveLength(2);
  });

  it("names the line that is not JSON, and sends nothing", async () => {
    const { code, stderr, sent } = await runOver("in.jsonl", '{"prompt":"a"}\n{"prompt":"b",}\n{"prompt":"c"}\n');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: .*line 2.*JSON/);
    expect(sent).toBe(0);
  });

  it("names the line that is not UTF-8, and sends nothing", async () => {
    const { code, stderr, sent } = await runOver("in.txt", Buffer.from([0x61, 0x0a, 0xc4, 0xe3, 0x0a]));
    expect(code).toBe(2);
    expect(stderr).toMatch(/line 2.*UTF-8/);
    expect(sent).toBe(0);
  });

  it("names both lines of a duplicate id, and sends nothing", async () => {
    const row = '{"prompt":"a","custom_id":"same"}\n';
    const { code, stderr, sent } = await runOver("in.jsonl", `${row}{"prompt":"b"}\n${row}`);
    expect(code).toBe(2);
    expect(stderr).toMatch(/line 3.*"same".*line 1/);
    expect(sent).toBe(0);
  });

  it("suggests the column that a template probably means", async () => {
    const { code, stderr, sent } = await runOver("in.csv", "id,review\n1,good\n", ["-p", "{{reveiw}}"]);
    expect(code).toBe(2);
    expect(stderr).toContain("did you mean {{review}}?");
    expect(sent).toBe(0);
  });

  it("exits with 6 when the input cannot be read", async () => {
    const at = await folder();
    const { code, stderr } = await sluice(["run", at("none.jsonl"), "-m", "m", "--base-url", "http://127.0.0.1:9/v1"]);
    expect(code).toBe(6);
    expect(stderr).toContain(`error: cannot read ${at("none.jsonl")}`);
  });
});

describe("bad commands", () => {
  it.each([
    [["rnu"], "Did you mean run?"],
    [["run", "x.jsonl", "--rmp", "5"], "Did you mean --rpm?"],
    [["mock", "--fault", "rest=0.1"], "did you mean reset?"],
    [["run", "x.jsonl", "-m", "opnai/gpt-5"], "did you mean openai/gpt-5?"],
    [["run", "x.jsonl", "-m", "ollama/m", "--rpm", "fast"], "--rpm must be a rate"],
    [["run", "x.jsonl", "-m", "ollama/m", "-j", "100-10"], "did you mean 10-100?"],
    [["run", "x.jsonl", "-m", "ollama/m", "--send-order", "random"], "--send-order must be longest-first or input"],
    [["run", "x.jsonl", "-m", "ollama/m", "-p", "@/does/not/exist"], "cannot read /does/not/exist"],
    [["run", "x.jsonl", "-m", "ollama/m", "--json", "-o", "-"], "both want stdout"],
    [["run", "x.jsonl", "-m", "ollama/m", "--timeout", "soon"], "--timeout must be a duration"],
    [["run", "x.jsonl", "-m", "ollama/m", "--timeout-total", "5"], "got 5 (did you mean 5s?)"],
  ])("exit with 2 and say what to type: %j", async (words, hint) => {
    const { code, stdout, stderr } = await sluice(words);
    expect(stderr).toContain("error: ");
    expect(stderr).toContain(hint);
    expect(code).toBe(2);
    expect(stdout).toBe("");
  });

  it("name the variable of a missing key, and send nothing", async () => {
    const { code, stderr } = await sluice(["run", "x.jsonl", "-m", "openai/gpt-5-mini"], {
      environment: { DEEPSEEK_API_KEY: "sk-0123456789abcdef" },
    });
    expect(code).toBe(2);
    expect(stderr).toContain("error: no API key for openai\n  looked in  OPENAI_API_KEY\n");
    expect(stderr).toContain("deepseek");
    expect(stderr).not.toContain("0123456789abcdef");
  });

  it("say that no model is named, before anything is sent", async () => {
    const [simulator, at] = [await provider(), await folder()];
    await writeRows(at("in.jsonl"), 3);
    const { code, stderr } = await sluice(["run", at("in.jsonl"), "--base-url", simulator.url]);
    expect(code).toBe(2);
    expect(stderr).toContain("error: no model");
    expect(simulator.ledger().received).toBe(0);
  });

  it("take the model from SLUICE_MODEL or from the rows", async () => {
    const [simulator, at] = [await provider(), await folder()];
    await writeRows(at("in.jsonl"), 1);
    const words = ["run", at("in.jsonl"), "--base-url", simulator.url];
    expect((await sluice(words, { environment: { SLUICE_MODEL: "from-environment" } })).code).toBe(0);
    await writeFile(
      at("own.jsonl"),
      '{"custom_id":"1","body":{"model":"own","messages":[{"role":"user","content":"hi"}]}}\n',
    );
    expect((await sluice(["run", at("own.jsonl"), "--base-url", simulator.url])).code).toBe(0);
    expect(simulator.ledger().entries.map(({ model }) => model)).toEqual(["from-environment", "own"]);
  });
});

describe("a provider that cannot help", () => {
  it("stops the run at a wrong key: few requests, exit 4, no row lost, the key masked", async () => {
    const [simulator, at] = [await provider({ apiKey: "right" }), await folder()];
    await writeRows(at("in.jsonl"), 50);
    const key = "sk-wrong-0123456789abcdef";
    const { code, stderr } = await sluice(["run", at("in.jsonl"), "-m", "m", "--base-url", simulator.url, "-j", "1"], {
      environment: { SLUICE_API_KEY: key },
    });
    expect(code).toBe(4);
    expect(stderr).toMatch(/auth 401/);
    expect(stderr).toContain("sk-…cdef from SLUICE_API_KEY");
    expect(stderr).not.toContain(key);
    expect(simulator.ledger().received).toBe(1);
    await expect(access(at("in.out.errors.jsonl"))).rejects.toThrow();
  });

  it("exits with 4 when the host cannot be reached", async () => {
    const [simulator, at] = [await provider(), await folder()];
    await simulator.close();
    await writeRows(at("in.jsonl"), 3);
    const words = ["run", at("in.jsonl"), "-m", "m", "--base-url", simulator.url, "--retries", "0"];
    const { code, stderr } = await sluice(words);
    expect(code).toBe(4);
    expect(stderr).toMatch(/network/);
  });
});
