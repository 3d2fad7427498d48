import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import type { ErrorCause } from "../../run/errors/error-causes.ts";
import { printLine } from "../display/line.ts";
import { runLookWords } from "../display/run-look-words.ts";
import { styleOf } from "../display/style.ts";
import { causeLines } from "./cause-lines.ts";

const causes: readonly ErrorCause[] = [
  {
    code: "content_filter",
    status: 400,
    count: 9,
    message: "Your request was rejected\u001b[2J as a result of our safety system, which had this to say about it: no.",
    retryable: false,
    models: ["openai/gpt-5-mini"],
    attempts: { least: 1, most: 1 },
    ids: ["row 1021's", "row-8843", "row-9001"],
  },
  {
    code: "timeout",
    count: 5,
    message: "no bytes for 120 s",
    retryable: true,
    models: [],
    attempts: { least: 2, most: 4 },
    ids: ["row-7"],
  },
];

const lines = (columns: number, chinese = false): readonly string[] => {
  const style = styleOf({ columns, colour: false, ascii: false, chinese });
  const facts = {
    causes,
    failed: 14,
    rows: 50_000,
    errors: "labels.errors.jsonl",
    output: "labels.jsonl",
    shownIds: 3,
    chinese,
  };
  return causeLines(facts, style, runLookWords(chinese)).map(({ line, whole = false }) =>
    printLine(line, whole ? { ...style, width: Infinity } : style),
  );
};

describe("the causes of failures", () => {
  it("are told the most common first, with a message, ids and what to do", () => {
    expect(lines(100)).toEqual([
      "labels.errors.jsonl   14 failed of 50,000 (0.03%)   2 causes",
      "",
      "1  content_filter   9 rows   HTTP 400   openai/gpt-5-mini   1 attempt   not retryable",
      "   Your request was rejected as a result of our safety system, which had this to say about it: no.",
      "   rows  row 1021's row-8843 row-9001   … 6 more",
      `   see   sluice show labels.jsonl 'row 1021'\\''s'`,
      "   try   another model:  sluice retry labels.jsonl --code content_filter -m provider/model",
      "   or    leave them: the other rows are complete",
      "",
      "2  timeout          5 rows   2–4 attempts   retryable",
      "   no bytes for 120 s",
      "   rows  row-7   … 4 more",
      "   try   more time for each attempt:  sluice retry labels.jsonl --code timeout --timeout 20m",
    ]);
  });

  it("fit into every terminal but for commands, which are never cut, in both languages", () => {
    for (const chinese of [false, true]) {
      for (const columns of [60, 80, 120]) {
        const shown = lines(columns, chinese);
        for (const line of shown) {
          if (!line.includes("sluice ")) expect(stringWidth(line)).toBeLessThanOrEqual(columns - 2);
          expect(line).not.toContain("\u001b");
        }
        expect(shown.join("\n")).toContain("sluice retry labels.jsonl --code content_filter -m provider/model");
        expect(shown.join("\n")).not.toContain("…:");
      }
    }
    expect(lines(80, true)[0]).toBe("labels.errors.jsonl   共 50,000 行，失败 14 行（0.03%）   2 种原因");
  });
});
