import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { CallError } from "../../call/call-error.ts";
import type { Handler } from "../../call/handler.ts";
import { createLLM } from "../../client/create-llm.ts";
import type { LLMOptions } from "../../client/llm-options.ts";
import { inputCeiling } from "../../provider/ceiling/input-ceiling.ts";
import { runFile } from "../run-file.ts";
import type { RunFileOptions } from "../run-options.ts";
import { exitCodeOf, type RunSummary } from "../run-summary.ts";

type Fate = "answer" | "timeout" | "server" | "malformed" | "unreachable" | "invalid_request";

/** A provider that charges the most for all that it may charge, and keeps a ledger. */
class DearProvider {
  billed = 0;
  calls = 0;
  mostAtOnce = 0;
  readonly #fates: readonly Fate[];
  #now = 0;

  constructor(fates: readonly Fate[] = ["answer"]) {
    this.#fates = fates;
  }

  readonly handle: Handler = async ({ body }, { signal }) => {
    const fate = this.#fates[this.calls++ % this.#fates.length] ?? "answer";
    const cost = (inputCeiling(body) * 1 + Number(body["max_tokens"]) * 10) / 1e6;
    if (fate === "unreachable") throw new CallError("network", "no connection", { unreachable: true });
    if (fate === "invalid_request") throw new CallError("invalid_request", "no", { status: 400 });
    this.billed += cost;
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#now);
    await new Promise((resolve) => setTimeout(resolve, this.calls % 3));
    this.#now -= 1;
    if (signal.aborted) throw signal.reason;
    if (fate !== "answer") throw new CallError(fate, "broken", fate === "server" ? { status: 500 } : {});
    const message = { role: "assistant", content: "yes" };
    return {
      status: 200,
      body: { id: "1", choices: [{ index: 0, message, finish_reason: "stop" }] },
      usage: {
        inputTokens: inputCeiling(body),
        outputTokens: Number(body["max_tokens"]),
        cachedTokens: 0,
        reasoningTokens: 0,
      },
      deployment: "test",
    };
  };
}

const prices = { "custom/m": { input: 1, output: 10 } } as const;

interface World {
  readonly provider?: DearProvider;
  readonly rows?: number;
  readonly client?: LLMOptions;
}

const place = async (rows: number): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-bounds-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const lines = Array.from({ length: rows }, (_, row) =>
    JSON.stringify({ custom_id: `r${row}`, prompt: "why? ".repeat(row % 7), max_tokens: 10 + (row % 5) * 40 }),
  );
  await writeFile(join(folder, "in.jsonl"), `${lines.join("\n")}\n`);
  return join(folder, "in.jsonl");
};

const run = async (
  options: Partial<RunFileOptions>,
  { provider = new DearProvider(), rows = 40, client = {} }: World = {},
): Promise<RunSummary> => {
  const input = options.input ?? (await place(rows));
  await using llm = createLLM({ handler: provider.handle, model: "m", prices, rng: () => 0, ...client });
  return await runFile({ input, llm, model: "m", ...options });
};

const dollars = (amount: number): Pick<RunFileOptions, "maxCost"> => ({ maxCost: { amount, currency: "USD" } });

describe("a run with a limit on its cost", () => {
  it("never costs more, whatever fails and however many calls run at once", { timeout: 60_000 }, async () => {
    const fates = fc.array(
      fc.constantFrom<Fate>("answer", "answer", "answer", "timeout", "server", "malformed", "unreachable"),
      { minLength: 1, maxLength: 20 },
    );
    const amounts = fc.double({ min: 0.0005, max: 0.08, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fates, amounts, fc.integer({ min: 1, max: 40 }), async (plan, amount, maxConcurrent) => {
        const provider = new DearProvider(plan);
        const client = {
          limits: { maxConcurrent },
          breaker: false,
          retry: { retries: 4, onEmptyBudget: "fail" },
        } as const;
        await run(dollars(amount), { provider, client });
        expect(provider.billed).toBeLessThanOrEqual(amount + 1e-12);
      }),
      { numRuns: 25 },
    );
  });

  it("ends when the next row does not fit, says how far it came, and goes on with more", async () => {
    const input = await place(40);
    const provider = new DearProvider();
    const first = await run({ input, ...dollars(0.01) }, { provider });
    expect(first).toMatchObject({ outcome: "bounded", bound: { kind: "max-cost", most: { amount: 0.01 } }, failed: 0 });
    expect(exitCodeOf(first)).toBe(5);
    expect(first.remaining).toBeGreaterThan(0);
    // What was spent before counts.
    const again = await run({ input, ...dollars(0.0101) }, { provider });
    expect(again.succeeded - again.resumed).toBeLessThanOrEqual(1);
    expect(provider.billed).toBeLessThanOrEqual(0.0101);
    const last = await run({ input, ...dollars(1) }, { provider });
    expect(last).toMatchObject({ outcome: "complete", succeeded: 40 });
    expect(provider.calls).toBe(40);
  });

  it("uses the budget up to the last row that fits, many at once", async () => {
    const provider = new DearProvider();
    const summary = await run(dollars(0.02), { provider, client: { limits: { maxConcurrent: 20 } } });
    expect(provider.mostAtOnce).toBeGreaterThan(4);
    expect(provider.billed).toBeGreaterThan(0.02 - 0.003);
    expect(summary.costs[0]?.amount).toBeCloseTo(provider.billed);
  });

  it("sends a row again later when its retry did not fit at first", async () => {
    const provider = new DearProvider(["timeout", "answer", "answer", "answer", "answer"]);
    const summary = await run({ ...dollars(0.06) }, { provider, rows: 20, client: { limits: { maxConcurrent: 20 } } });
    expect(summary).toMatchObject({ outcome: "complete", succeeded: 20, failed: 0 });
  });

  it("never costs more over several runs, although retries were kept back for want of room", async () => {
    const provider = new DearProvider(["server", "answer", "server"]);
    const input = await place(40);
    const client = { limits: { maxConcurrent: 16 }, breaker: false } as const;
    for (let again = 0; again < 4; again++) await run({ input, ...dollars(0.02) }, { provider, client });
    expect(provider.billed).toBeLessThanOrEqual(0.02);
  });

  it("says what it cannot count when answers of earlier runs are gone", async () => {
    const input = await place(5);
    await run({ input });
    await rm(input.replace("in.jsonl", "in.out.jsonl"));
    const warnings: string[] = [];
    const onEvent: RunFileOptions["onEvent"] = (event) =>
      void (event.type === "warning" && warnings.push(event.message));
    await run({ input, ...dollars(1), onEvent });
    expect(warnings.join("\n")).toContain("5 earlier calls whose answer was lost is unknown, and not counted");
  });

  it("refuses to begin where nobody knows what a row costs at most", async () => {
    const provider = new DearProvider();
    const refusal = async (client: LLMOptions, options: Partial<RunFileOptions> = {}): Promise<string> =>
      run({ ...dollars(1), ...options }, { provider, client }).then(
        ({ outcome }) => outcome,
        (error: Error & { exitCode?: number }) => `${error.exitCode ?? 0} ${error.message}`,
      );
    expect(await refusal({ prices: {} })).toMatch(
      /^2 cannot keep --max-cost: the price of 40 rows is unknown \(they go to an address of your own\)/,
    );
    expect(await refusal({ prices: { "custom/m": { input: 1, output: 1, currency: "CNY" } } })).toMatch(
      /^2 cannot keep --max-cost: the limit is in USD, but the price of the model is in CNY/,
    );
    const input = await place(1);
    await writeFile(input, `{"prompt":"hi"}\n`);
    expect(await refusal({}, { input })).toMatch(/^2 .*1 row may cost any amount: nothing bounds the output/);
    expect(await refusal({}, { input, maxOutputTokens: 10 })).toBe("complete");
    expect(provider.calls).toBe(1);
  });
});

describe("a run with other bounds", () => {
  it("sends nothing more after its time", async () => {
    const provider = new DearProvider();
    const summary = await run(
      { maxDurationMs: 30 },
      { provider, rows: 2000, client: { limits: { maxConcurrent: 1 } } },
    );
    expect(summary).toMatchObject({ outcome: "bounded", bound: { kind: "max-duration" }, failed: 0 });
    expect(summary.succeeded).toBe(provider.calls);
    expect(summary.remaining).toBeGreaterThan(0);
  });

  it("stops when too many rows have failed, and counts them as failed", async () => {
    for (const when of ["soon", "now"] as const) {
      const provider = new DearProvider(["answer", "invalid_request"]);
      const client = { limits: { maxConcurrent: 2 } };
      const summary = await run({ halt: { when, rows: 3 } }, { provider, rows: 100, client });
      expect(summary).toMatchObject({ outcome: "bounded", bound: { kind: "halt", failed: 3 } });
      expect(exitCodeOf(summary)).toBe(5);
      expect(provider.calls).toBeLessThan(12);
    }
  });

  it("asks before anything is sent, with what the run will take", async () => {
    const provider = new DearProvider();
    const asked: unknown[] = [];
    const confirm: RunFileOptions["confirm"] = (estimate) => asked.push(estimate) > 1;
    const input = await place(10);
    await expect(run({ input, confirm }, { provider })).rejects.toThrow(
      "the run was not confirmed  (nothing was sent)",
    );
    expect(provider.calls).toBe(0);
    await run({ input, confirm }, { provider });
    await run({ input, confirm }, { provider });
    expect(asked).toMatchObject([
      { rows: 10, done: 0, toSend: 10, costs: [{ currency: "USD" }] },
      { toSend: 10 },
      { done: 10, toSend: 0 },
    ]);
    expect(await readFile(input, "utf8")).toContain("r9");
  });
});
