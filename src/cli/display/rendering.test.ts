import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { plainLine } from "./plain-line.ts";
import { renderBlock } from "./render-block.ts";
import type { Snapshot } from "./snapshot.ts";
import { styleOf, type StyleOptions } from "./style.ts";

const snapshot: Snapshot = {
  phase: "running",
  model: "openai/gpt-5-mini",
  input: "data/reviews.csv",
  output: "data/labels.jsonl",
  elapsedMs: 3_584_000,
  rows: 50_000,
  succeeded: 41_193,
  failed: 14,
  resumed: 12_000,
  inFlight: 64,
  queued: 8729,
  requestsPerMinute: 489,
  tokensPerMinute: 182_000,
  latency: { p50: 900, p95: 2600, p99: 6100 },
  firstContent: { p50: 340 },
  retries: 41,
  throttled: 3,
  throttledAgoMs: 240_000,
  usage: { inputTokens: 9_300_000, outputTokens: 1_500_000, cachedTokens: 0, reasoningTokens: 0 },
  limits: [
    { name: "maxConcurrent", value: 64, source: "learned", used: 64 },
    { name: "requestsPerMinute", value: 500, source: "configured", used: 489 },
    { name: "tokensPerMinute", value: 200_000, source: "header", used: 182_000 },
  ],
  boundBy: "requestsPerMinute",
  heldMs: 0,
  etaMs: 1_078_000,
};

const style = (options: Partial<StyleOptions> = {}): ReturnType<typeof styleOf> =>
  styleOf({ columns: 82, colour: false, ascii: false, chinese: false, ...options });

const block = (changes: Partial<Snapshot> = {}, options: Partial<StyleOptions> = {}): string =>
  renderBlock({ ...snapshot, ...changes }, style(options), 20).join("\n");

describe("the live block", () => {
  it("shows the run on seven lines", () => {
    expect(block().split("\n")).toEqual([
      "openai/gpt-5-mini   reviews.csv → labels.jsonl                          00:59:44",
      "━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━─────────  82%  41,207/50,000  ETA 18m",
      " rows     41,193 ok   14 failed   64 in flight   8,729 queued   12,000 resumed",
      " rate     489 rpm ▕███████▊▏ 98% of 500   182k tpm ▕███████▎▏ 91%",
      " latency  p50 0.90s  p95 2.6s   ttft 0.34s   retries 41   429s 3 (4m ago)",
      " tokens   9.3M in   1.5M out",
      " bound by requests per minute (--rpm 500) · concurrency 64 (auto)",
    ]);
  });

  it("speaks Chinese", () => {
    const text = block({}, { chinese: true });
    expect(text).toContain(" 行数     成功 41,193   失败 14   进行中 64");
    expect(text).toContain("剩余 18分钟");
    expect(text).toContain("18.2万 Token/分");
    expect(text).toContain("瓶颈：每分钟请求数（--rpm 500） · 并发 64（自适应）");
  });

  it("stays within ASCII when asked to", () => {
    // oxlint-disable-next-line no-control-regex -- ASCII is a range of codes
    expect(block({}, { ascii: true })).toMatch(/^[\u0000-\u007f]*$/);
  });

  it.each([
    [{ heldMs: 38_000, boundBy: "provider" }, "held: the provider asked for 38s"],
    [{ heldMs: 38_000, boundBy: "quota" }, "a quota is used up; next try in 38s"],
    [{ failingMs: 11_200, boundBy: "breaker" }, "the provider is failing; next try in 12s"],
    [{ failingMs: 0, boundBy: "breaker" }, "the provider is failing; trying it again"],
    [{ phase: "draining" }, "stopping: no new requests, 64 in flight, ^C again to abort"],
    [{ phase: "aborting" }, "aborting 64 requests in flight"],
    [{ boundBy: "maxConcurrent" }, " bound by concurrency 64 (auto)"],
    [{ boundBy: "tokensPerMinute" }, " bound by tokens per minute (200,000, from the provider's headers)"],
    [{ boundBy: "paused" }, " paused"],
  ] as const)("says what the run waits for: %j", (changes, line) => {
    expect(block(changes).split("\n").at(-1)).toContain(line);
  });

  it("is one line in a narrow or low terminal", () => {
    expect(block({}, { columns: 59 })).toBe("82% 41,207/50,000 ETA 18m 14 failed 489 rpm");
    expect(renderBlock(snapshot, style(), 5)).toHaveLength(1);
  });

  it("never takes more than its width, whatever the numbers, names and language", () => {
    const names = fc.oneof(fc.string(), fc.constantFrom("评论.csv", "データ/とても長い名前のファイル.jsonl", "👩‍👩‍👧‍👦.csv"));
    const counts = fc.nat({ max: 1_000_000_000 });
    const changes = fc.record({
      phase: fc.constantFrom("reading", "running", "draining", "aborting" as const),
      model: names,
      input: names,
      output: names,
      elapsedMs: counts,
      rows: counts,
      succeeded: counts,
      failed: counts,
      queued: counts,
      requestsPerMinute: counts,
      heldMs: counts,
    });
    const looks = fc.record({
      columns: fc.integer({ min: 30, max: 120 }),
      colour: fc.boolean(),
      ascii: fc.boolean(),
      chinese: fc.boolean(),
    });
    fc.assert(
      fc.property(changes, looks, (changed, look) => {
        for (const line of renderBlock({ ...snapshot, ...changed }, styleOf(look), 20)) {
          expect(stringWidth(line)).toBeLessThanOrEqual(look.columns - 2);
          expect(stripVTControlCharacters(line)).not.toMatch(/\p{Cc}/u);
        }
      }),
    );
  });
});

describe("the plain line", () => {
  it("has everything on one line, and why it waits", () => {
    expect(plainLine(snapshot)).toBe(
      "00:59:44 82% 41,207/50,000 ok=41,193 fail=14 inflight=64 489rpm(98%) 182ktpm(91%) eta=17m58s bound=rpm",
    );
    expect(plainLine({ ...snapshot, heldMs: 37_200 })).toMatch(/ held=38s$/);
    expect(plainLine({ ...snapshot, heldMs: 37_200, boundBy: "quota" })).toMatch(/ quota_used_up=38s$/);
    expect(plainLine({ ...snapshot, failingMs: 4100 })).toMatch(/ failing=5s$/);
    expect(plainLine({ ...snapshot, phase: "draining" })).toMatch(/ draining$/);
    const { boundBy: _, ...unbound } = snapshot;
    expect(plainLine({ ...unbound, inFlight: 0 })).toMatch(/ bound=retries$/);
    expect(plainLine({ ...unbound, inFlight: 0, retries: 0 })).not.toContain("bound");
  });
});
