import { describe, expect, it } from "vitest";
import { virtualCall, type VirtualTokens, virtualContext } from "../../test/fixtures/virtual-call.ts";
import { CallError } from "../call/call-error.ts";
import type { Context } from "../call/context.ts";
import type { QuotaReading } from "../call/limiter.ts";
import type { Reply } from "../call/reply.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { createVirtualProvider, type VirtualProviderOptions } from "./virtual-provider.ts";

const small: VirtualTokens = { input: 100, output: 50, max_tokens: 80 };
const exact = { networkMs: 10, latency: () => ({ firstMs: 100, totalMs: 1100 }) };

const world = (options: Omit<VirtualProviderOptions, "clock"> = {}) => {
  const clock = new VirtualClock();
  const provider = createVirtualProvider({ ...exact, ...options, clock });
  const ask = (tokens: VirtualTokens = small, more: Partial<Context> = {}): Promise<Reply | CallError> =>
    provider.handle(virtualCall(tokens), virtualContext(clock, more)).catch((error: unknown) => {
      if (error instanceof CallError) return error;
      throw error;
    });
  return { clock, ask, books: () => provider.books() };
};

describe("a call to the virtual provider", () => {
  it("takes the network, its latency and the network again, and reports what it used", async () => {
    const { clock, ask, books } = world();
    const reply = await clock.until(ask());
    expect(clock.now()).toBe(1120);
    expect(reply).toMatchObject({ status: 200, usage: { inputTokens: 100, outputTokens: 50 } });
    expect(books()).toMatchObject({ attempts: 1, granted: 1, completed: 1, inputTokens: 100, outputTokens: 50 });
    expect([books().inFlight, books().peakInFlight, clock.armed]).toEqual([0, 1, 0]);
  });

  it("is cut at its bound, and says so", async () => {
    const { clock, ask } = world();
    const reply = await clock.until(ask({ ...small, max_tokens: 20 }));
    expect(reply).toMatchObject({ usage: { outputTokens: 20 }, body: { choices: [{ finish_reason: "length" }] } });
  });

  it("is charged with its prompt and its bound, or with what it really used", async () => {
    for (const [tokenCharge, atOnce, atEnd] of [
      ["bound", 820, 820],
      ["actual", 900, 850],
    ] as const) {
      const { clock, ask, books } = world({ tokensPerMinute: 1000, quota: "window", tokenCharge });
      const readings: QuotaReading[] = [];
      await clock.until(ask(small, { onReading: (reading) => readings.push(reading) }));
      expect(readings).toEqual([[{ unit: "total", limit: 1000, remaining: atOnce, resetMs: 59_990 }]]);
      expect(books().quotas).toMatchObject([{ unit: "total", taken: 1000 - atEnd, worst: 1000 - atEnd }]);
    }
  });

  it("tells its quotas with the head of a stream, as they were when it was admitted", async () => {
    const { clock, ask } = world({ requestsPerMinute: 60, headerQuantum: 10 });
    const heard: unknown[] = [];
    const onReading = (reading: QuotaReading): void => void heard.push([clock.now(), reading]);
    await clock.until(ask({ ...small, stream: true }, { onReading }));
    expect(heard).toEqual([[120, [{ unit: "request", limit: 60, remaining: 50, resetMs: 1000 }]]]);
  });

  it("reports twice a second how far its answer is", async () => {
    const { clock, ask } = world({ reportOutput: true });
    const heard: number[] = [];
    await clock.until(ask(small, { onOutput: (tokens) => heard.push(tokens) }));
    expect(heard).toEqual([20, 45]);
    expect(clock.armed).toBe(0);
  });
});

describe("a refusal", () => {
  it("names the quota, its figures and the time to wait", async () => {
    const { clock, ask, books } = world({ tokensPerMinute: 600, burstMs: 60_000 });
    const [, , , refused] = await clock.until(Promise.all([ask(), ask(), ask(), ask()]));
    expect(refused).toMatchObject({
      code: "throttled",
      status: 429,
      exceeded: "tokens",
      quota: { limit: 600, requested: 180 },
      retryAfterMs: 12_000,
    });
    expect(books()).toMatchObject({ granted: 3, throttled: 1, refused: { tokens: 1 } });
    expect(books().throttledPerSecond).toEqual(Float64Array.of(1));
  });

  it("says less when it is told to keep quiet", async () => {
    const { clock, ask } = world({ requestsPerMinute: 60, burstMs: 1, headers: false, hints: false });
    const readings: QuotaReading[] = [];
    const onReading = (reading: QuotaReading): void => void readings.push(reading);
    const [, refused] = await clock.until(Promise.all([ask(small, { onReading }), ask(small, { onReading })]));
    expect(refused).toMatchObject({ code: "throttled", retryAfterMs: undefined });
    expect(readings).toEqual([]);
  });

  it("is final for a call that can never fit", async () => {
    const { clock, ask } = world({ tokensPerMinute: 100 });
    expect(await clock.until(ask())).toMatchObject({ code: "too_large", status: 429 });
  });
});

describe("output that is charged while it is produced", () => {
  it("lets calls in until it is in debt, and again when the debt is paid", async () => {
    const { clock, ask, books } = world({ outputTokensPerMinute: 600, burstMs: 2000 });
    const first = await clock.until(Promise.all([ask(), ask()]));
    expect(first.every((reply) => "usage" in reply)).toBe(true);
    const refused = await clock.until(ask());
    expect(refused).toMatchObject({ code: "throttled", exceeded: "tokens" });
    await clock.advance(refused instanceof CallError ? (refused.retryAfterMs ?? 0) : 0);
    expect(await clock.until(ask())).toHaveProperty("usage");
    expect(books().quotas).toMatchObject([{ unit: "output", taken: 150 }]);
  });
});

describe("a call that is given up", () => {
  it("ends at once wherever it is, frees its slot and leaves no timer", async () => {
    for (const atMs of [0, 5, 50, 600, 1115]) {
      const options = { maxConcurrent: 1, outputTokensPerMinute: 6000, kneeConcurrent: 1, reportOutput: true };
      const { clock, ask, books } = world(options);
      const controller = new AbortController();
      const call = ask({ ...small, stream: true }, { signal: controller.signal, onOutput: () => undefined });
      await clock.advance(atMs);
      controller.abort();
      expect(await call).toMatchObject({ code: "cancelled" });
      expect([books().inFlight, clock.armed]).toEqual([0, 0]);
      expect(await clock.until(ask())).toHaveProperty("usage");
    }
  });

  it("is charged with what had been produced until then", async () => {
    const { clock, ask, books } = world({ tokensPerMinute: 1000, tokenCharge: "actual" });
    const controller = new AbortController();
    const call = ask(small, { signal: controller.signal });
    await clock.advance(610);
    controller.abort();
    await call;
    expect(books()).toMatchObject({ aborted: 1, completed: 0, quotas: [{ taken: 125 }] });
  });
});

describe("trouble", () => {
  it("fails the share of calls that it is told to, with the first token", async () => {
    const { clock, ask, books } = world({ faults: 1 });
    expect(await clock.until(ask())).toMatchObject({ code: "server", status: 500 });
    expect([clock.now(), books().failed, books().inFlight]).toEqual([120, 1, 0]);
  });

  it("takes ten times as long when it hangs", async () => {
    const { clock, ask } = world({ hangs: 1 });
    await clock.until(ask());
    expect(clock.now()).toBe(11_020);
  });

  it("turns everybody away in an outage", async () => {
    const { clock, ask, books } = world({ outages: [{ fromMs: 0, toMs: 1000 }] });
    expect(await clock.until(ask())).toMatchObject({ code: "overloaded", status: 503 });
    await clock.advance(1000);
    expect(await clock.until(ask())).toHaveProperty("usage");
    expect(books()).toMatchObject({ attempts: 2, unavailable: 1, granted: 1 });
  });

  it("is refused where an option means nothing", () => {
    const clock = new VirtualClock();
    expect(() => createVirtualProvider({ clock, faults: 2 })).toThrow(
      'Cannot create the virtual provider: "faults" must be a number from 0 to 1, got 2',
    );
  });
});
