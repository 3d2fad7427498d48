import { describe, expect, it } from "vitest";
import { createLLM } from "../../src/client/create-llm.ts";
import { createVirtualProvider, type VirtualProviderOptions } from "../../src/simulator/virtual-provider.ts";
import { seededRng } from "../../src/time/rng.ts";
import { VirtualClock } from "../../src/time/virtual-clock.ts";
import { drive } from "./drive.ts";

const minute = 60_000;

const runBatch = async (count: number, options: Omit<VirtualProviderOptions, "clock">) => {
  const clock = new VirtualClock();
  const provider = createVirtualProvider({ clock, requestsPerMinute: 600, ...options });
  const limits = { requestsPerMinute: 600 };
  const llm = createLLM({ model: "m", clock, rng: seededRng(options.seed ?? 1), limits, handler: provider.handle });
  const endedAt: number[] = [];
  const work = async (): Promise<number> => {
    let failed = 0;
    const calls = Array.from({ length: count }, () => ({ body: { messages: [], input: 100, output: 20 } }));
    for await (const { ok } of llm.asCompleted(calls)) {
      if (ok) endedAt.push(clock.now());
      else failed += 1;
    }
    return failed;
  };
  const failed = await drive(clock, work());
  return { failed, endedAt, books: provider.books(), endedAll: clock.now() };
};

describe("P14: an outage of ten minutes in the middle of a batch", () => {
  it.each([1, 2, 3, 4, 5])(
    "loses no call, hardly costs attempts, and is noticed when it is over (seed %i)",
    async (seed) => {
      const outage = { fromMs: minute, toMs: 11 * minute };
      const { failed, endedAt, books } = await runBatch(3000, { seed, outages: [outage] });
      expect(failed).toBe(0);
      expect(endedAt).toHaveLength(3000);
      expect(books.attempts).toBeLessThanOrEqual(1.1 * 3000);
      const back = endedAt.find((at) => at > outage.toMs) ?? Infinity;
      // The breaker looks again every two minutes, more or less, and half-open it never stays.
      expect(back - outage.toMs).toBeLessThanOrEqual(3 * minute);
      expect(endedAt.at(-1)).toBeLessThanOrEqual(back + (3000 / 600 + 2) * minute);
    },
  );
});

describe("P13: a provider that fails one call in ten", () => {
  it.each([1, 2, 3])("costs a tenth more attempts and next to no calls (seed %i)", async (seed) => {
    const { failed, books } = await runBatch(6000, { seed, faults: 0.1 });
    expect(failed / 6000).toBeLessThanOrEqual(1e-3);
    expect(books.attempts).toBeLessThanOrEqual(1.13 * 6000);
  });
});
