import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import type { LLMStats } from "../../client/stats.ts";
import type { RunSummary } from "../../run/run-summary.ts";
import { achievedLines } from "./achieved-lines.ts";
import { printLine } from "./line.ts";
import { styleOf, type StyleOptions } from "./style.ts";

type Facts = Pick<RunSummary, "lowerBoundMs" | "achievedShare" | "boundBy">;

const summary: RunSummary = {
  outcome: "complete",
  rows: 1,
  succeeded: 1,
  failed: 0,
  resumed: 0,
  remaining: 0,
  possiblyPaidTwice: 0,
  possiblyPaidAtMost: [],
  possiblyPaidUnpriced: 0,
  skippedBlankLines: 0,
  finishes: { length: 0, contentFilter: 0, refusal: 0 },
  errors: [],
  readerLeft: false,
  output: "-",
  startedAt: 0,
  elapsedMs: 1,
  costs: [],
  unpricedCalls: 0,
  usage: { inputTokens: 0, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 },
};

const facts: Facts = { lowerBoundMs: 5_895_000, achievedShare: 0.9799, boundBy: "requestsPerMinute" };

const rpm = { name: "requestsPerMinute", value: 500, source: "configured", used: 0 } as const;
const slots = { name: "maxConcurrent", value: 64, source: "learned", used: 0 } as const;

const lines = (
  bound: Facts,
  limits: LLMStats["limits"] = [slots, rpm],
  options: Partial<StyleOptions> = {},
): readonly string[] => {
  const style = styleOf({ columns: 100, colour: false, ascii: false, chinese: false, ...options });
  return achievedLines({ ...summary, ...bound }, { limits }, style).map((line) => printLine(line, style));
};

describe("the line about what was possible", () => {
  it("fits a terminal of eighty columns", () => {
    expect(lines(facts, [rpm], { columns: 80 })).toEqual([
      "  bound     1h 38m at least   97% of what the limits allow   bound by 500 rpm",
    ]);
  });

  it("speaks Chinese", () => {
    expect(lines(facts, [rpm], { chinese: true })).toEqual([
      "  下限      至少需要 1小时38分钟   达到限额所允许速度的 97%   瓶颈：500 次/分",
    ]);
  });

  it.each([
    ["tokensPerMinute", "configured", "bound by 200k tpm"],
    ["tokensPerMinute", "header", "bound by tokens per minute (200,000, from the provider's headers)"],
    ["requestsPerMinute", "learned", "bound by requests per minute (200,000, learned)"],
    ["requestsPerDay", "configured", "bound by requests per day (--rpd 200000)"],
    ["maxConcurrent", "configured", "bound by concurrency 200,000 (-j 200000)"],
  ] as const)("names the limit and who says so: %s, %s", (name, source, text) => {
    const [line] = lines({ ...facts, boundBy: name }, [{ name, value: 200_000, source, used: 0 }], { columns: 200 });
    expect(line?.split("   ").at(-1)).toBe(text);
  });

  it("names concurrency that was found out, and the slowest answer, where a limit is known", () => {
    expect(lines({ ...facts, boundBy: "maxConcurrent" })[0]).toContain("bound by concurrency 64 (auto)");
    expect(lines({ ...facts, boundBy: "latency", lowerBoundMs: 1240 })[0]).toContain(
      "1.2s at least   bound by the slowest answer",
    );
  });

  it("is left out where nothing succeeded or no limit is known", () => {
    expect(lines({})).toEqual([]);
    expect(lines(facts, [slots])).toEqual([]);
  });

  it("loses nothing in a narrow terminal", () => {
    for (const chinese of [false, true])
      for (let columns = 30; columns <= 120; columns++) {
        const shown = lines(facts, [rpm], { columns, chinese });
        for (const line of shown) expect(stringWidth(line)).toBeLessThanOrEqual(columns - 2);
        expect(shown.join("")).toContain("97%");
      }
  });
});
