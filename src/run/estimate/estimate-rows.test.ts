import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeFs } from "../files/node-fs.ts";
import { earlierAnswers } from "./earlier-answers.ts";
import { estimateRows } from "./estimate-rows.ts";
import { RowEstimates } from "./row-estimates.ts";
import { runTime } from "./run-time.ts";

const rates = { input: 1, output: 10, currency: "USD" } as const;

const rows = (count: number, more: object = {}, all = true): RowEstimates => {
  const estimates = new RowEstimates({ all });
  for (let row = 0; row < count; row++)
    estimates.add(() => ({ model: "m", inputTokens: 100, outputTokens: 256, rates, ...more }));
  return estimates;
};

const none = { done: 0, permanentlyFailed: 0, skip: () => false, limits: [] };

describe("the estimate of a run", () => {
  it("adds up what is to be sent, by currency, and says what has no price or no most", () => {
    const mixed = rows(600, { atMost: { amount: 0.5, currency: "USD" }, outputBound: 100 });
    mixed.add(() => ({ model: "x", inputTokens: 10, outputTokens: 256, unpriced: "elsewhere" }));
    expect(estimateRows({ ...none, rows: mixed })).toMatchObject({
      toSend: 601,
      unpricedRows: 1,
      unpriced: "elsewhere",
    });
    const known = estimateRows({ ...none, rows: mixed, skip: (row) => row >= 400 });
    expect(known).toMatchObject({ toSend: 400, unpricedRows: 0, outputFrom: "bound", atMost: [{ amount: 200 }] });
    expect(known.costs).toEqual([
      { low: expect.closeTo(0.236) as number, high: expect.closeTo(0.444) as number, currency: "USD" },
    ]);
  });

  it("looks at few of very many rows, whatever turns they take, and counts all that are to be sent", () => {
    const [some, every] = [false, true].map((all) => {
      const estimates = new RowEstimates({ all });
      let asked = 0;
      for (let row = 0; row < 100_000; row++) {
        estimates.add(() => {
          asked += 1;
          return { model: "m", inputTokens: row % 100 === 0 ? 5_000 : 10 + (row % 7), outputTokens: 256, rates };
        });
      }
      return { asked, ...estimateRows({ ...none, rows: estimates, skip: (row) => row % 3 === 0 && row < 30_000 }) };
    });
    expect(every).toMatchObject({ asked: 100_000, toSend: 90_000 });
    expect(some?.asked).toBeLessThan(5_000);
    expect(some?.toSend).toBe(90_000);
    expect((some?.inputTokens ?? 0) / (every?.inputTokens ?? 1)).toBeCloseTo(1, 1);
    expect((some?.costs[0]?.high ?? 0) / (every?.costs[0]?.high ?? 1)).toBeCloseTo(1, 1);
  });

  it("learns from earlier answers how long they are, how long they take and what they have cost", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-estimate-"));
    const meta = (output: number): object => ({
      latency_ms: 200,
      cost: { amount: 0.5, currency: "CNY" },
      tokens: { output },
    });
    const body = { text: `not this: ,"meta":{"cost":{"amount":9}}` };
    const lines = [80, 100, 120, 100, 100].map((output) => JSON.stringify({ response: { body }, meta: meta(output) }));
    await writeFile(join(folder, "out.jsonl"), `${lines.join("\n")}\n`);
    const earlier = await earlierAnswers(nodeFs, join(folder, "out.jsonl"));
    expect(earlier).toEqual({
      answers: 5,
      meanOutputTokens: 100,
      meanMs: 200,
      unpriced: 0,
      costs: [
        {
          amount: 2.5,
          currency: "CNY",
        },
      ],
    });
    const found = estimateRows({ ...none, rows: rows(10), earlier });
    expect(found).toMatchObject({ outputFrom: "earlier-answers", answers: 5 });
    expect(found.outputTokens.low + found.outputTokens.high).toBeCloseTo(2000);
  });

  it("takes as long as the slowest of the limits makes it", () => {
    const work = { rows: 1000, inputTokens: 100_000, outputTokens: 50_000, callMs: 1000 };
    const limit = (name: "maxConcurrent" | "requestsPerMinute" | "tokensPerMinute" | "requestsPerDay", value: number) =>
      ({
        name,
        value,
        source: "configured",
        used: 0,
        ...(name === "requestsPerDay" ? { periodMs: 86_400_000 } : {}),
      }) as const;
    expect(runTime(work, [limit("requestsPerMinute", 500), limit("tokensPerMinute", 50_000)])).toEqual({
      ms: 18e4,
      boundBy: "tokensPerMinute",
      limit: 5e4,
    });
    expect(runTime(work, [limit("maxConcurrent", 10)])).toMatchObject({ ms: 100_000 });
    expect(runTime(work, [limit("requestsPerDay", 500)])).toMatchObject({ ms: 86_400_000 });
    expect(runTime(work, [])).toBeUndefined();
  });
});
