import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { virtualCall, virtualContext } from "../../test/fixtures/virtual-call.ts";
import { seededRng } from "../time/rng.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { createVirtualProvider, type VirtualBooks, type VirtualProviderOptions } from "./virtual-provider.ts";

/** Sends calls at random times, so many a second, for two minutes. */
const traffic = async (seed: number, perSecond: number, options: Omit<VirtualProviderOptions, "clock">) => {
  const clock = new VirtualClock();
  const provider = createVirtualProvider({ ...options, seed, clock });
  const rng = seededRng(seed + 1);
  const trace: string[] = [];
  const ends: Promise<unknown>[] = [];
  const send = (): void => {
    const call = virtualCall({ input: 50 + Math.floor(rng() * 100), output: Math.floor(rng() * 100) });
    const note = (end: string) => (): void => void trace.push(`${clock.now()} ${end}`);
    ends.push(provider.handle(call, virtualContext(clock)).then(note("ok"), note("failed")));
    if (clock.now() < 120_000) clock.schedule(clock.now() + (2000 / perSecond) * rng(), send);
  };
  send();
  for (let steps = 0; clock.step(Infinity); steps++) if (steps % 64 === 0) await Promise.resolve();
  await Promise.all(ends);
  return { trace, books: provider.books(), armed: clock.armed };
};

const quotas = { requestsPerMinute: 300, tokensPerMinute: 30_000 };

const quotaOf = (books: VirtualBooks, unit: string) =>
  books.quotas.find((quota) => quota.unit === unit) ?? expect.fail();

describe("the books", () => {
  it("are the same for the same seed, and others for another", async () => {
    const options = { ...quotas, faults: 0.1, hangs: 0.05, foreignShare: 0.2 };
    const first = await traffic(1, 8, options);
    const again = await traffic(1, 8, options);
    expect([again.trace, again.books.grantedPerSecond]).toEqual([first.trace, first.books.grantedPerSecond]);
    expect((await traffic(2, 8, options)).trace).not.toEqual(first.trace);
  });

  it("add up, whatever the account", async () => {
    const options = fc.record({
      quota: fc.constantFrom("bucket", "window", "sliding"),
      windowMs: fc.constantFrom(1000, 10_000, 60_000),
      burstMs: fc.constantFrom(1000, 60_000),
      tokenCharge: fc.constantFrom("bound", "actual"),
      foreignShare: fc.constantFrom(0, 0.3),
      kneeConcurrent: fc.integer({ min: 1, max: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(options, fc.nat(1000), async (account, seed) => {
        const { books, armed } = await traffic(seed, 9, { ...quotas, ...account, outputTokensPerMinute: 20_000 });
        const { attempts, granted, throttled, completed, inFlight } = books;
        expect([granted + throttled, completed, inFlight, armed]).toEqual([attempts, granted, 0, 0]);
        expect(books.grantedPerSecond.reduce((sum, count) => sum + count, 0)).toBe(granted);
        expect(quotaOf(books, "request")).toMatchObject({ taken: granted });
        expect(quotaOf(books, "request").worst).toBeLessThanOrEqual(granted);
        expect(books.share(0, 120_000).request).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { numRuns: 12 },
    );
  });

  it.each([
    ["bucket", 300 + 25, { burstMs: 5000 }],
    ["window", 600, {}],
    ["sliding", 300, {}],
  ] as const)("show no more in any rolling minute than a %s grants", async (quota, most, shape) => {
    const { books } = await traffic(5, 20, { requestsPerMinute: 300, quota, ...shape });
    expect(books.refused.requests).toBeGreaterThan(0);
    expect(quotaOf(books, "request").worst).toBeLessThanOrEqual(most);
  });

  it("show that a client that asks for everything had nearly all it could have", async () => {
    const account = { tokensPerMinute: 30_000, burstMs: 10_000, latencyScale: 0.1 };
    for (const foreignShare of [0, 0.3]) {
      const { books } = await traffic(3, 20, { ...account, foreignShare });
      expect(books.share(60_000, 120_000).total).toBeGreaterThan(0.97);
      expect(books.share(60_000, 120_000).total).toBeLessThanOrEqual(1.01);
      const foreign = books.foreign(60_000, 120_000).total ?? expect.fail();
      expect(foreign).toBeLessThanOrEqual(30_000 * foreignShare);
      expect(foreign).toBeGreaterThanOrEqual(20_000 * foreignShare);
    }
  });

  it("refuse an interval that lies ahead", async () => {
    const { books } = await traffic(3, 1, quotas);
    expect(() => books.grantable(0, 1e9)).toThrow(/must lie between 0 and/);
  });
});
