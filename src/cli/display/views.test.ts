import { describe, expect, it } from "vitest";
import type { RunSummary } from "../../run/run-summary.ts";
import { jsonView } from "./json-view.ts";
import { LiveBlock } from "./live-block.ts";
import { plainView } from "./plain-view.ts";
import type { Snapshot } from "./snapshot.ts";

const snapshot = (changes: Partial<Snapshot>): Snapshot => ({
  phase: "running",
  model: "m",
  input: "in.jsonl",
  output: "out.jsonl",
  elapsedMs: 0,
  rows: 10,
  succeeded: 0,
  failed: 0,
  resumed: 0,
  inFlight: 2,
  queued: 8,
  requestsPerMinute: 0,
  tokensPerMinute: 0,
  latency: {},
  firstContent: {},
  retries: 0,
  throttled: 0,
  usage: { inputTokens: 0, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 },
  limits: [],
  heldMs: 0,
  ...changes,
});

describe("plain progress", () => {
  it("is a line every so often, and at once when the state changes", () => {
    const lines: string[] = [];
    const view = plainView((text) => lines.push(text.slice(0, 8) + (/ (held|draining)/.exec(text)?.[0] ?? "")), 10_000);
    view.show(snapshot({ phase: "reading" }));
    for (const elapsedMs of [250, 500, 9000, 10_250, 11_000]) view.show(snapshot({ elapsedMs }));
    view.show(snapshot({ elapsedMs: 12_000, heldMs: 30_000 }));
    view.show(snapshot({ elapsedMs: 13_000, heldMs: 29_000 }));
    view.show(snapshot({ elapsedMs: 14_000, heldMs: 500 }));
    view.show(snapshot({ elapsedMs: 15_000, phase: "draining" }));
    expect(lines).toEqual(["00:00:00", "00:00:10", "00:00:12 held", "00:00:14 held", "00:00:15 draining"]);
  });
});

describe("events for programs", () => {
  const summary: RunSummary = {
    outcome: "failed-rows",
    rows: 10,
    succeeded: 9,
    failed: 1,
    resumed: 0,
    remaining: 0,
    possiblyPaidTwice: 0,
    possiblyPaidAtMost: [],
    possiblyPaidUnpriced: 0,
    skippedBlankLines: 0,
    finishes: { length: 0, contentFilter: 0, refusal: 0 },
    errors: [{ code: "server", status: 500, count: 1, message: "x", ids: ["r1"], retryable: true }],
    readerLeft: false,
    output: "out.jsonl",
    startedAt: 0,
    elapsedMs: 1000,
    costs: [],
    unpricedCalls: 0,
    usage: { inputTokens: 5, outputTokens: 6, cachedTokens: 0, reasoningTokens: 0 },
    lowerBoundMs: 987.4,
    achievedShare: 0.98765,
    boundBy: "requestsPerMinute",
  };

  it("are one JSON object a line, from start to done", async () => {
    const lines: string[] = [];
    const view = jsonView({
      writeEvent: (line) => lines.push(line),
      writeMessage: () => {},
      flush: async () => void lines.push("flushed"),
      pid: 7,
    });
    const start = { rows: 10, resumed: 0, permanentlyFailed: 0, toSend: 10, skippedBlankLines: 0 };
    view.event?.({ type: "start", ...start, format: "jsonl", input: "in.jsonl" }, () => snapshot({}));
    view.show(snapshot({ elapsedMs: 250 }));
    view.show(snapshot({ elapsedMs: 5250, heldMs: 9000 }));
    view.retrying?.({ code: "server", message: "openai answered 500: oops" }, () => snapshot({}));
    view.event?.({ type: "row", id: "r1", index: 0, ok: false, code: "server", message: "x" }, () => snapshot({}));
    view.event?.({ type: "row", id: "r2", index: 1, ok: true }, () => snapshot({}));
    view.message("a warning");
    await view.done?.(summary, 3, { calls: 10, attempts: 12, retries: 2 });
    expect(lines.pop()).toBe("flushed");
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map(({ type, state }) => state ?? type)).toEqual([
      "start",
      "running",
      "held",
      "progress",
      "running",
      "row_failed",
      "done",
    ]);
    expect(events[4]).toMatchObject({ type: "state", retry_code: "server", message: "openai answered 500: oops" });
    expect(events.at(-1)).toMatchObject({ exit_code: 3, failed: 1, tokens: { input: 5, output: 6 } });
    expect(events.at(-1)).toMatchObject({
      lower_bound_ms: 987,
      achieved_share: 0.9876,
      bound_by: "requestsPerMinute",
    });
    expect(lines.every((line) => line.endsWith("\n"))).toBe(true);
  });
});

describe("a block on a terminal", () => {
  it("is drawn over itself, hides the cursor while it is there, and leaves nothing behind", () => {
    let written = "";
    const terminal = { columns: 20, rows: 10, write: (text: string) => (written += text) };
    const block = new LiveBlock(terminal);
    block.draw(["one", "two"]);
    expect(written.startsWith("\u001b[?25lone")).toBe(true);
    written = "";
    block.draw(["three"]);
    expect(written).toBe("\u001b[2Fthree\u001b[K\n\u001b[J");
    written = "";
    block.clear();
    block.clear();
    expect(written).toBe("\u001b[1F\u001b[J\u001b[?25h");
  });

  it("finds its first line again when the terminal has become narrower and wrapped it", () => {
    let written = "";
    const terminal = { columns: 80, write: (text: string) => (written += text) };
    const block = new LiveBlock(terminal);
    block.draw(["x".repeat(70), "short"]);
    terminal.columns = 30;
    written = "";
    block.draw(["y"]);
    expect(written.startsWith("\u001b[4F")).toBe(true);
  });
});
