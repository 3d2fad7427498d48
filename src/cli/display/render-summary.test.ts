import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { CallError } from "../../call/call-error.ts";
import type { LLMStats } from "../../client/stats.ts";
import type { RunSummary } from "../../run/run-summary.ts";
import { renderSummary, type SummaryFacts } from "./render-summary.ts";
import { styleOf } from "./style.ts";

const usage = { inputTokens: 11_900_000, outputTokens: 2_000_000, cachedTokens: 3_400_000, reasoningTokens: 0 };

const stats: LLMStats = {
  succeeded: 37_986,
  failed: 14,
  reused: 0,
  attempts: 38_041,
  retries: 41,
  throttled: 3,
  usage,
  requestsPerMinute: 489,
  tokensPerMinute: 180_000,
  latency: { p50: 910, p95: 2630, p99: 6100 },
  firstContent: {},
  errors: {},
  queued: 0,
  inFlight: 0,
  pools: [],
  costs: [],
  unpricedCalls: 0,
  limits: [{ name: "requestsPerMinute", value: 500, source: "configured", used: 0 }],
  heldMs: 0,
  breakers: [],
  work: { groups: [], slotMs: 0, largest: { request: 0, input: 0, output: 0, total: 0 }, busyMs: 0 },
};

const finished: RunSummary = {
  outcome: "failed-rows",
  rows: 50_000,
  succeeded: 49_986,
  failed: 14,
  resumed: 12_000,
  remaining: 0,
  possiblyPaidTwice: 0,
  possiblyPaidAtMost: [],
  possiblyPaidUnpriced: 0,
  skippedBlankLines: 0,
  finishes: { length: 0, contentFilter: 0, refusal: 0 },
  errors: [
    {
      code: "content_filter",
      status: 400,
      count: 9,
      message: "the provider rejected\u001b[2J the prompt",
      ids: ["row-1021", "row-8843", "row-9001"],
      retryable: false,
    },
    { code: "timeout", count: 5, message: "no bytes for 120 s", ids: ["row-7"], retryable: true },
  ],
  readerLeft: false,
  output: "labels.jsonl",
  errorsFile: "labels.errors.jsonl",
  startedAt: 0,
  elapsedMs: 4_662_000,
  costs: [],
  unpricedCalls: 0,
  usage,
  lowerBoundMs: 4_494_000,
  achievedShare: 0.9645,
  boundBy: "requestsPerMinute",
};

const facts: SummaryFacts = {
  summary: finished,
  stats,
  sendingMs: 4_660_000,
  name: "data/reviews.csv",
  command: "sluice run data/reviews.csv -o labels.jsonl",
};

const render = (
  changes: Partial<RunSummary> = {},
  more: Partial<SummaryFacts> = {},
  columns = 100,
): readonly string[] =>
  renderSummary(
    { ...facts, ...more, summary: { ...finished, ...changes } },
    styleOf({ columns, colour: false, ascii: false, chinese: false }),
  );

describe("the end summary", () => {
  it("says what became of the rows, what failed and why, and what to do next", () => {
    expect(render()).toEqual([
      "✗ reviews.csv finished in 1h 17m 42s",
      "",
      "  rows      50,000   49,986 ok   14 failed   (12,000 from an earlier run)",
      "  tokens    11.9M in   2M out   3.4M cached   366 per row",
      "  speed     490 rpm on average   98% of your 500 rpm limit",
      "  bound     1h 14m at least   96% of what the limits allow   bound by 500 rpm",
      "  latency   p50 0.91s  p95 2.6s  p99 6.1s",
      "  calls     38,000   38,041 attempts   41 retries   3 × 429",
      "",
      "  14 rows failed",
      "       9  content_filter  400  not retryable   row-1021, row-8843, …",
      "          the provider rejected the prompt",
      "       5  timeout           -  retryable   row-7, …",
      "          no bytes for 120 s",
      "",
      "  labels.jsonl          49,986 rows",
      "  labels.errors.jsonl   14 rows",
      "",
      "  next  sluice errors labels.jsonl   see them",
      "        sluice retry labels.jsonl    run the 5 retryable rows again",
    ]);
  });

  it("names what stopped the run, and the key by its mask", () => {
    const stop = new CallError("auth", "openai answered 401: Incorrect API key", { status: 401 });
    const lines = render(
      { outcome: "stopped-early", stop, succeeded: 0, failed: 0, remaining: 50_000, resumed: 0, errors: [] },
      { keyMask: "sk-…a1f3", keySource: "OPENAI_API_KEY" },
    );
    expect(lines.slice(0, 3)).toEqual([
      "✗ reviews.csv stopped early, after 0 of 50,000 rows",
      "  auth 401  openai answered 401: Incorrect API key",
      "  key sk-…a1f3 from OPENAI_API_KEY",
    ]);
    expect(lines.slice(-2)).toEqual([
      "  next  the same command goes on with the 50,000 left:",
      "  sluice run data/reviews.csv -o labels.jsonl",
    ]);
  });

  it("says what may have been paid for twice, and how much at most where that is known", () => {
    const twice = (possiblyPaidTwice: number, more: Partial<RunSummary> = {}): string =>
      render({ possiblyPaidTwice, ...more }).find((line) => line.includes("possibly")) ?? "";
    const possiblyPaidAtMost = [{ amount: 0.12, currency: "USD" } as const];
    expect(twice(0)).toBe("");
    expect(twice(3, { possiblyPaidAtMost })).toBe("  possibly paid twice: 3, at most $0.12");
    expect(twice(3, { possiblyPaidAtMost, possiblyPaidUnpriced: 1 })).toBe(
      "  possibly paid twice: 3, at most $0.12 + 1 call without a known price",
    );
    expect(twice(3, { possiblyPaidUnpriced: 3 })).toBe("  possibly paid twice: 3, at a price that is not known");
  });

  it("is short when there was nothing to do", () => {
    const nothing = { outcome: "complete", failed: 0, errors: [] } as const;
    expect(render({ ...nothing, rows: 0, succeeded: 0, resumed: 0 })[0]).toBe(
      "✓ reviews.csv has no rows; nothing to do",
    );
    const done = render({ ...nothing, rows: 5, succeeded: 5, resumed: 5 }, { stats: { ...stats, attempts: 0 } });
    expect(done[0]).toBe("✓ reviews.csv: every row is done already; nothing was sent");
    expect(done.join("\n")).not.toContain("latency");
  });

  it("says that a stopped run is saved", () => {
    const lines = render({ outcome: "drained", remaining: 100, errors: [] });
    expect(lines[0]).toBe("■ reviews.csv stopped after 1h 17m 42s, 100 rows left; what finished is saved");
  });

  it("says that nothing was sent when it was stopped while the input was read", () => {
    const nothing = { rows: 0, succeeded: 0, failed: 0, resumed: 0, remaining: 0, errors: [] };
    expect(render({ outcome: "drained", ...nothing })).toEqual([
      "■ reviews.csv: stopped while the input was read; nothing was sent",
    ]);
  });

  it("tells how rows are sent again that the same command leaves alone, when all are such", () => {
    const errors = finished.errors.slice(0, 1).map((group) => ({ ...group, count: 20 }));
    const lines = render({ rows: 20, succeeded: 0, failed: 20, resumed: 0, errors });
    expect(lines.slice(-4)).toEqual([
      "  next  see them",
      "  sluice errors labels.jsonl",
      "        once the cause is fixed, --retry-errors all sends the 20 failed again:",
      "  sluice run data/reviews.csv -o labels.jsonl --retry-errors all",
    ]);
    expect(render({ errors }).join("\n")).not.toContain("--retry-errors");
  });

  it("wraps figures in a narrow terminal, and loses none", () => {
    const lines = render({}, {}, 30);
    expect(lines.slice(2, 11)).toEqual([
      "  rows      50,000",
      "            49,986 ok",
      "            14 failed",
      "            (12,000 from an",
      "            earlier run)",
      "  tokens    11.9M in",
      "            2M out",
      "            3.4M cached",
      "            366 per row",
    ]);
    expect(lines.slice(19, 22)).toEqual(["  latency   p50 0.91s", "            p95 2.6s", "            p99 6.1s"]);
  });

  it("keeps every line within the terminal, but for the command that is to be copied", () => {
    for (let columns = 30; columns <= 120; columns++) {
      const lines = render({}, {}, columns);
      const next = lines.findIndex((line) => line.startsWith("  next"));
      for (const line of lines.slice(0, next)) expect(stringWidth(line)).toBeLessThanOrEqual(columns - 2);
      expect(lines.join("\n")).toContain("sluice retry labels.jsonl");
    }
  });
});
