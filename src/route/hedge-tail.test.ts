import { describe, expect, it } from "vitest";
import { cancellation } from "../call/call-error.ts";
import type { Call } from "../call/call.ts";
import type { Handler } from "../call/handler.ts";
import { logNormal } from "../simulator/log-normal.ts";
import { seededRng } from "../time/rng.ts";
import { sleep } from "../time/sleep.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { hedge } from "./hedge.ts";

const calls = 2000;
const atOnce = 32;
const tokens = 200;

/** Runs a batch on a server on which one call in a hundred takes ten times as long. */
const batch = async (seed: number, hedged: boolean) => {
  const clock = new VirtualClock();
  const rng = seededRng(seed);
  let spent = 0;
  const handler: Handler = async (call, { signal, observe, attempt }) => {
    const startedAt = clock.now();
    observe({ type: "attempt-start", at: startedAt, id: call.id, attempt, queuedMs: 0 });
    const tookMs = 2000 * logNormal(rng, 0.3) * (rng() < 0.01 ? 10 : 1);
    await sleep(clock, tookMs, signal).catch((reason: unknown) => {
      spent += (tokens * (clock.now() - startedAt)) / tookMs;
      throw cancellation(reason);
    });
    spent += tokens;
    return { status: 200, body: {}, deployment: "here" };
  };
  const layer = (hedged ? hedge({ clock }) : (next: Handler) => next)(handler);
  const { signal } = new AbortController();
  let begun = 0;
  const finishedAt: number[] = [];
  const work = async (): Promise<void> => {
    while (begun < calls) {
      const sequence = begun++;
      const call: Call = {
        id: String(sequence),
        operation: "chat",
        model: { provider: "openai", name: "m" },
        body: {},
        demand: { inputTokens: 10, outputTokens: tokens },
      };
      const isLast = (): boolean => begun >= calls;
      const observe = (): void => undefined;
      await layer(call, {
        signal,
        cancel: () => undefined,
        clock,
        attempt: 1,
        sequence,
        observe,
        ofMany: true,
        isLast,
      });
      finishedAt.push(clock.now());
    }
  };
  await clock.until(Promise.all(Array.from({ length: atOnce }, work)));
  const tailMs = (finishedAt.at(-1) ?? NaN) - (finishedAt[Math.ceil(0.99 * calls) - 1] ?? NaN);
  return { tailMs, spent };
};

describe("hedging at the end of a batch", () => {
  it("takes at least 30 % off the last hundredth on a server with stragglers, for at most 1 % more tokens", async () => {
    let plainMs = 0;
    let hedgedMs = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const plain = await batch(seed, false);
      const hedged = await batch(seed, true);
      plainMs += plain.tailMs;
      hedgedMs += hedged.tailMs;
      expect(hedged.spent / plain.spent).toBeLessThanOrEqual(1.01);
    }
    expect(hedgedMs / plainMs).toBeLessThanOrEqual(0.7);
  }, 60_000);
});
