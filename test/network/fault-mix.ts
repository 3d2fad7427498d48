import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { createLLM } from "../../src/client/create-llm.ts";
import { type FaultRates, startSimulator } from "../../src/simulator/simulator.ts";
import type { Rng } from "../../src/time/rng.ts";
import { startFaultProxy } from "../fixtures/fault-proxy.ts";
import type { Placed } from "../fixtures/toxics.ts";

/** What one run came to. */
export interface MixedRun {
  readonly succeeded: number;
  readonly failed: number;
  readonly attempts: number;
  /** Requests that the provider got. */
  readonly received: number;
  /** Calls at once, on average, over those that may run at once, until all but the last have ended. */
  readonly busy: number;
  readonly elapsedMs: number;
}

const atOnce = 32;

/** Three in a hundred requests are spoiled by the provider … */
const faults: FaultRates = {
  "429": 0.0005,
  "500": 0.003,
  "502": 0.003,
  "503": 0.002,
  html: 0.003,
  reset: 0.003,
  silent: 0.0015,
  stall: 0.0015,
  drip: 0.0015,
  cut: 0.003,
  malformed: 0.003,
  "no-done": 0.003,
  "error-200": 0.003,
};

/** … and two in a hundred by the line: each connection lasts for some fifty answers, and some lines are slow. */
const line = (_: number, rng: Rng): readonly Placed[] => {
  const bytes = Math.round(rng() * 70_000);
  const ends: readonly Placed[] = [
    { kind: "reset_peer", afterBytes: bytes },
    { kind: "limit_data", bytes },
    { kind: "reset_peer", afterMs: 500 + rng() * 4000 },
  ];
  const end = ends[Math.floor(rng() * ends.length)];
  const slow: readonly Placed[] =
    rng() < 0.1
      ? [
          { kind: "slicer", bytes: 500 },
          { kind: "latency", ms: 5, jitterMs: 5 },
        ]
      : [];
  return end === undefined ? slow : [end, ...slow];
};

/** Makes so many calls, half of them streamed, over a line and to a provider that are both bad, or both good. */
export const mixedRun = async (calls: number, isBad: boolean): Promise<MixedRun> => {
  const simulator = await startSimulator({
    firstTokenMs: 120,
    outputTokens: 12,
    seed: 5,
    ...(isBad ? { faults } : {}),
  });
  const proxy = await startFaultProxy({ port: simulator.port, toxics: isBad ? line : [], seed: 9 });
  const llm = createLLM({
    model: "openai/m",
    baseURL: `${proxy.origin}/v1`,
    apiKey: "k",
    limits: { maxConcurrent: atOnce },
    timeout: { attempt: "6s", firstContent: "3s", idle: "3s" },
  });
  const occupied = { ms: 0 };
  let heldMs = 0;
  let over = false;
  const watchHolds = async (): Promise<void> => {
    for (let last = performance.now(); !over;) {
      await pause(10);
      const now = performance.now();
      if (llm.stats().heldMs > 0) heldMs += now - last;
      last = now;
    }
  };
  llm.on("attempt-end", ({ elapsedMs }) => void (occupied.ms += elapsedMs));
  const seen = new Set<string>();
  let succeeded = 0;
  let attempts = 0;
  let busy = 0;
  const startedAt = performance.now();
  const watching = watchHolds();
  try {
    const requests = Array.from({ length: calls }, (_, index) => ({
      prompt: `question ${index}`,
      stream: index % 2 === 0,
    }));
    for await (const result of llm.asCompleted(requests)) {
      expect(seen.has(result.id)).toBe(false);
      seen.add(result.id);
      if (result.ok) succeeded += 1;
      attempts += result.attempts;
      // The last ones wait for their backoff with nobody behind them: no schedule fills that.
      if (seen.size <= calls - atOnce) busy = occupied.ms / atOnce / (performance.now() - startedAt - heldMs);
    }
  } finally {
    over = true;
    await watching;
    await llm.close();
    await proxy.close();
    await simulator.close();
  }
  const { received } = simulator.ledger();
  return {
    succeeded,
    failed: seen.size - succeeded,
    attempts,
    received,
    busy,
    elapsedMs: performance.now() - startedAt,
  };
};

/**
 * Expects that every call ends, once, with its answer, and that the faults cost no more than the attempts they spoil.
 *
 * An ideal schedule keeps every place taken from the first call to the last, failed attempts included, but for the
 * pauses that the provider asks for. How near the same calls come without faults is the measure on this machine.
 */
export const expectGoodput = (bad: MixedRun, good: MixedRun, calls: number): void => {
  expect(good).toMatchObject({ succeeded: calls, failed: 0 });
  expect(bad).toMatchObject({ succeeded: calls, failed: 0 });
  const spoiled = (bad.attempts - calls) / calls;
  expect(spoiled).toBeGreaterThan(0.025);
  expect(spoiled).toBeLessThan(0.15);
  expect(bad.attempts).toBeGreaterThanOrEqual(bad.received);
  expect(bad.busy / good.busy).toBeGreaterThanOrEqual(0.9);
};
