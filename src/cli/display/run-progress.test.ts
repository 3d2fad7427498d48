import { describe, expect, it } from "vitest";
import type { LLMStats } from "../../client/stats.ts";
import { VirtualClock } from "../../time/virtual-clock.ts";
import { RunProgress } from "./run-progress.ts";

const quiet: LLMStats = {
  succeeded: 0,
  failed: 0,
  reused: 0,
  attempts: 0,
  retries: 0,
  throttled: 0,
  usage: { inputTokens: 0, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 },
  requestsPerMinute: 0,
  tokensPerMinute: 0,
  latency: {},
  firstContent: {},
  errors: {},
  queued: 0,
  inFlight: 0,
  pools: [],
  costs: [],
  unpricedCalls: 0,
  limits: [{ name: "requestsPerMinute", value: 600, source: "configured", used: 0 }],
  heldMs: 0,
  breakers: [],
  work: { groups: [], slotMs: 0, largest: { request: 0, input: 0, output: 0, total: 0 }, busyMs: 0 },
};

const example = (): { clock: VirtualClock; progress: RunProgress; stats: { now: LLMStats } } => {
  const clock = new VirtualClock();
  const stats = { now: quiet };
  const names = { model: "m", input: "in.jsonl", output: "out.jsonl" };
  const progress = new RunProgress({ clock, stats: () => stats.now, ...names });
  return { clock, progress, stats };
};

const start = {
  type: "start",
  rows: 110,
  resumed: 8,
  permanentlyFailed: 2,
  toSend: 100,
  skippedBlankLines: 0,
  format: "jsonl",
  input: "in.jsonl",
} as const;

describe("the progress of a run", () => {
  it("counts rows of this run on top of those of earlier ones", () => {
    const { progress, stats } = example();
    progress.listen(start);
    progress.listen({ type: "row", id: "a", index: 0, ok: true });
    progress.listen({ type: "row", id: "b", index: 1, ok: false, code: "server", message: "x" });
    stats.now = { ...quiet, inFlight: 10 };
    expect(progress.snapshot()).toMatchObject({ phase: "running", succeeded: 9, failed: 3, resumed: 8, queued: 88 });
  });

  it("estimates the end from the pace of late, and not while it is stopping", async () => {
    const { clock, progress } = example();
    progress.listen(start);
    for (let second = 0; second < 10; second++) {
      progress.snapshot();
      await clock.advance(1000);
      progress.listen({ type: "row", id: String(second), index: second, ok: true });
    }
    expect(progress.snapshot().etaMs).toBeCloseTo(90_000, -3);
    progress.listen({ type: "stopping", reason: "drain" });
    expect(progress.snapshot()).toMatchObject({ phase: "draining" });
    expect(progress.snapshot().etaMs).toBeUndefined();
  });

  it("shows the pace so far in the first minute, never above a limit that was kept", async () => {
    const { clock, progress, stats } = example();
    progress.listen(start);
    await clock.advance(10_000);
    stats.now = { ...quiet, requestsPerMinute: 50 };
    expect(progress.snapshot().requestsPerMinute).toBe(300);
    stats.now = { ...quiet, requestsPerMinute: 120 };
    expect(progress.snapshot().requestsPerMinute).toBe(600);
    await clock.advance(60_000);
    expect(progress.snapshot().requestsPerMinute).toBe(120);
  });

  it("tells how long rows still wait for a provider that fails", () => {
    const { progress, stats } = example();
    const idle = { deployment: "a", state: "open", waiting: 0, retryAfterMs: 100 } as const;
    const awaited = { ...idle, deployment: "b", waiting: 5, retryAfterMs: 7000 };
    stats.now = { ...quiet, breakers: [idle, awaited] };
    expect(progress.snapshot()).not.toHaveProperty("failingMs");
    stats.now = { ...stats.now, boundBy: "breaker" };
    expect(progress.snapshot()).toMatchObject({ boundBy: "breaker", failingMs: 7000 });
    stats.now = { ...stats.now, breakers: [{ deployment: "b", state: "half-open", waiting: 5 }] };
    expect(progress.snapshot().failingMs).toBe(0);
  });

  it("remembers when the provider last answered 429", async () => {
    const { clock, progress, stats } = example();
    expect(progress.snapshot().throttledAgoMs).toBeUndefined();
    stats.now = { ...quiet, throttled: 1 };
    progress.snapshot();
    await clock.advance(5000);
    expect(progress.snapshot().throttledAgoMs).toBe(5000);
  });
});
