import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { pathsOf } from "../../run/paths.ts";
import type { RunStatus } from "../../run/status/run-status.ts";
import { runLookWords } from "../display/run-look-words.ts";
import { styleOf } from "../display/style.ts";
import { runsTable } from "./runs-table.ts";
import type { SeenRun } from "./seen-run.ts";
import { runLines, type StatusFacts } from "./status-lines.ts";

const said: RunStatus = {
  version: 1,
  pid: 7,
  host: "here",
  model: "openai/gpt-5-mini",
  input: "reviews.csv",
  output: "labels.jsonl",
  cwd: "/data",
  command: "sluice run reviews.csv -o labels.jsonl",
  phase: "running",
  rows: 50_000,
  succeeded: 41_193,
  failed: 14,
  resumed: 12_000,
  remaining: 8793,
  in_flight: 64,
  requests_per_minute: 489,
  attempts: 41_300,
  eta_ms: 1_080_000,
  costs: [{ amount: 5.33, currency: "USD" }],
  unpriced_calls: 0,
  started_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-01T00:59:42.000Z",
};

const seen = (state: SeenRun["state"], changes: Partial<RunStatus> = {}, output = "/data/labels.jsonl"): SeenRun => ({
  state,
  status: { ...said, ...changes },
  paths: pathsOf(output),
});

const factsFor = (columns: number, { chinese = false, folder = "/data" } = {}): StatusFacts => ({
  style: styleOf({ columns, colour: false, ascii: false, chinese }),
  words: runLookWords(chinese),
  now: Date.parse("2026-01-01T00:59:44.000Z"),
  folder,
  shown: (path) => path.replace(`${folder}/`, ""),
});

describe("the status of a run", () => {
  it("says how far it is, how fast, and what it has cost", () => {
    expect(runLines(seen("running"), factsFor(100))).toEqual([
      "labels.jsonl   running   82%   ETA 18m",
      "  rows      50,000   41,193 ok   14 failed   8,793 left   (12,000 from an earlier run)",
      "  rate      489 rpm   64 in flight",
      "  cost      $5.33",
      "  model     openai/gpt-5-mini",
      "  input     reviews.csv",
      "  started   2026-01-01 00:00:00Z   60m ago   updated 2s ago",
      "  process   7 on here",
      "",
      "  next  sluice status labels.jsonl --watch   watch it",
    ]);
  });

  it("says how to go on with one that was killed, wherever it is asked", () => {
    const lines = runLines(seen("killed"), factsFor(140));
    expect(lines[0]).toBe("labels.jsonl   stopped (killed)   82%");
    expect(lines.at(-2)).toBe("  next  sluice run reviews.csv -o labels.jsonl   go on with it");
    const elsewhere = runLines(seen("killed"), factsFor(140, { folder: "/tmp" }));
    expect(elsewhere.at(-2)).toContain("cd /data && sluice run reviews.csv -o labels.jsonl");
  });

  it("says how one has ended, and what to do about its failed rows", () => {
    const ended = { phase: "ended", remaining: 0, succeeded: 49_986, exit_code: 3, outcome: "failed-rows" } as const;
    const paid = { possibly_paid_twice: 2, possibly_paid_at_most: [{ amount: 0.5, currency: "USD" }] } as const;
    const lines = runLines(seen("ended", { ...ended, ...paid, message: "why\u001b[2J" }), factsFor(100));
    expect(lines[0]).toBe("labels.jsonl   finished, some rows failed (exit 3)   100%");
    expect(lines.join("\n")).toContain("possibly paid twice: 2, at most $0.50");
    expect(lines.join("\n")).not.toMatch(/rpm|process/);
    expect(lines.join("\n")).not.toContain("\u001b");
    expect(lines.slice(-2)).toEqual([
      "  next  sluice errors labels.jsonl   see them",
      "        sluice retry labels.jsonl    run the failed rows again",
    ]);
  });

  it("counts the records of one that never said anything", () => {
    const run: SeenRun = { state: "unknown", paths: pathsOf("/data/a.jsonl"), counts: { succeeded: 10, failed: 2 } };
    expect(runLines(run, factsFor(80))).toEqual(["a.jsonl   unknown", "  rows      10 ok   2 failed"]);
  });

  it("fits into every terminal but for its commands, in both languages", () => {
    for (const chinese of [false, true]) {
      for (const columns of [40, 60, 80, 82, 100, 120]) {
        const lines = [...runLines(seen("running"), factsFor(columns, { chinese })), ""];
        const figures = lines.slice(0, lines.indexOf(""));
        for (const line of figures) expect(stringWidth(line)).toBeLessThanOrEqual(columns - 2);
      }
    }
  });
});

describe("the table of runs", () => {
  const runs = [
    seen("running"),
    seen(
      "ended",
      { exit_code: 0, outcome: "complete", remaining: 0, failed: 0 },
      `/data/${"deep/".repeat(20)}done.jsonl`,
    ),
    { state: "unknown", paths: pathsOf("/data/old.jsonl") } as const,
  ];

  it("shows state, progress, rate and cost", () => {
    const lines = runsTable(runs, factsFor(120));
    expect(lines[0]).toMatch(/^state +output +rows +failed +rate +cost +updated$/);
    expect(lines[1]).toMatch(/^running +labels\.jsonl +41,207\/50,000 +14 +489 rpm +\$5\.33 +2s ago$/);
    expect(lines[2]).toMatch(/^finished +….*\/done\.jsonl +50,000\/50,000 +\$5\.33 +2s ago$/);
    expect(lines[3]).toMatch(/^unknown +old\.jsonl$/);
  });

  it("has fewer columns in a narrow terminal", () => {
    const all = [...runs, seen("ended", { exit_code: 3, outcome: "failed-rows", updated_at: said.started_at })];
    for (const chinese of [false, true]) {
      for (const columns of [60, 80, 120]) {
        for (const line of runsTable(all, factsFor(columns, { chinese }))) {
          expect(stringWidth(line)).toBeLessThanOrEqual(columns - 2);
        }
      }
    }
  });
});
