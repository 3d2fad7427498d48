import { describe, expect, it } from "vitest";
import { CallError } from "../../src/call/call-error.ts";
import type { Handler } from "../../src/call/handler.ts";
import type { VirtualBooks, VirtualProvider } from "../../src/simulator/virtual-provider.ts";
import { questions, twoPools } from "../fixtures/two-pools.ts";
import { drive } from "./drive.ts";

const sumOf = (providers: readonly VirtualProvider[], of: (books: VirtualBooks) => number | undefined): number =>
  providers.reduce((sum, provider) => sum + (of(provider.books()) ?? 0), 0);

const big = { requestsPerMinute: 420 };
const small = { requestsPerMinute: 180 };

describe("two pools of 70 and 30 %", () => {
  it.each([
    ["whose headers tell their limits", { quota: "bucket", burstMs: 10_000 }, {}],
    ["with windows", { quota: "window" }, {}],
    [
      "whose limits are configured",
      { quota: "bucket", burstMs: 1000, headers: false },
      {
        providers: {
          a: { baseURL: "http://a.test", limits: big },
          b: { baseURL: "http://b.test", limits: small },
        },
      },
    ],
  ] as const)("%s are used to at least 98 %% of their sum", async (_, server, client) => {
    const { clock, llm, a, b } = twoPools({ a: { ...server, ...big }, b: { ...server, ...small }, client });
    const results = await drive(clock, llm.batch(questions(600 * 12)));
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
    const [from, to] = [60_000, 660_000];
    const had = sumOf([a, b], (books) => books.taken(from, to).request);
    const could = sumOf([a, b], (books) => books.grantable(from, to).request);
    expect(had / could).toBeGreaterThanOrEqual(0.98);
    expect(a.books().throttled + b.books().throttled).toBeLessThan(0.005 * 7200);
  });

  it("are used to at least 98 % when all calls come at once, and each has chosen before anything is known", async () => {
    const server = { quota: "bucket", burstMs: 1000 } as const;
    const { clock, llm, a, b } = twoPools({ a: { ...server, ...big }, b: { ...server, ...small } });
    await drive(clock, Promise.all(questions(600 * 6).map((question) => llm.chat(question))));
    const [from, to] = [60_000, 300_000];
    const had = sumOf([a, b], (books) => books.taken(from, to).request);
    expect(had / sumOf([a, b], (books) => books.grantable(from, to).request)).toBeGreaterThanOrEqual(0.98);
    expect(clock.now()).toBeLessThan(6.3 * 60_000);
  });

  it("keep a limit that is set for both together", async () => {
    const limits = { requestsPerMinute: 300, maxConcurrent: 20 };
    const { clock, llm, a, b } = twoPools({ a: big, b: small, client: { limits } });
    await drive(clock, llm.batch(questions(1500)));
    const perSecond = a
      .books()
      .grantedPerSecond.map((count, second) => count + (b.books().grantedPerSecond[second] ?? 0));
    let worst = 0;
    for (let second = 0; second < perSecond.length; second++)
      worst = Math.max(
        worst,
        perSecond.subarray(second, second + 60).reduce((sum, count) => sum + count, 0),
      );
    expect(worst).toBeLessThanOrEqual(302);
    expect(clock.now()).toBeLessThan(5.2 * 60_000);
    expect(a.books().granted + b.books().granted).toBe(1500);
    expect(llm.stats().pools.map(({ name }) => name)).toEqual(["a", "b"]);
  });
});

const refusing: Handler = (call, { attempt, clock }) =>
  new Promise((_, reject) => {
    clock.schedule(clock.now() + 20, () =>
      reject(
        new CallError("network", "nobody there", {
          unreachable: true,
          attempts: attempt,
          provider: call.model.provider,
        }),
      ),
    );
  });

describe("a dead deployment", () => {
  it("costs at most 25 attempts, and no call", async () => {
    let failed = 0;
    const dead: Handler = (call, context) => {
      failed += 1;
      return refusing(call, context);
    };
    const { clock, llm, b } = twoPools({ a: {}, b: {}, insteadOfA: dead });
    const results = await drive(clock, llm.batch(questions(3000)));
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(failed).toBeLessThanOrEqual(25);
    expect(b.books().completed).toBe(3000);
  });

  it("costs no more when the other fails now and then", async () => {
    let failed = 0;
    const dead: Handler = (call, context) => {
      failed += 1;
      return refusing(call, context);
    };
    const { clock, llm } = twoPools({ a: {}, b: { faults: 0.03, networkMs: 0 }, insteadOfA: dead });
    const results = await drive(clock, llm.batch(questions(3000)));
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
    expect(failed).toBeLessThanOrEqual(25);
  });

  it("that dies in the middle costs what was in flight with it, and no call", async () => {
    const outage = { outages: [{ fromMs: 20_000, toMs: 1e9 }] };
    const { clock, llm, a } = twoPools({ a: { ...outage, maxConcurrent: 20 }, b: {} });
    const results = await drive(clock, llm.batch(questions(6000)));
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(a.books().unavailable).toBeLessThanOrEqual(25);
  });

  it("is found out by single calls too", async () => {
    let failed = 0;
    const dead: Handler = (call, context) => {
      failed += 1;
      return refusing(call, context);
    };
    const { clock, llm } = twoPools({ a: {}, b: {}, insteadOfA: dead });
    for (let call = 0; call < 100; call++) await clock.until(llm.chat(questions(1)[0] ?? "one"));
    expect(failed).toBeLessThanOrEqual(25);
  });
});

describe("a pool that is held for a minute", () => {
  it("keeps no call while the other can take them", async () => {
    let asked = 0;
    const holding: Handler = (_, { clock }) =>
      new Promise((resolve, reject) => {
        const first = asked++ === 0;
        clock.schedule(clock.now() + 100, () =>
          first
            ? reject(new CallError("throttled", "later", { retryAfterMs: 60_000 }))
            : resolve({ status: 200, body: {}, deployment: "a" }),
        );
      });
    const client = { limits: { maxConcurrent: 50 } };
    const { clock, llm } = twoPools({ a: {}, b: { latencyScale: 0.1 }, insteadOfA: holding, client });
    await drive(clock, Promise.all(questions(1000).map((question) => llm.chat(question))));
    expect(clock.now()).toBeLessThan(55_000);
  });
});

describe("two deployments that fail at one time", () => {
  it("lose no call, and nobody waits for the one that stays dead when the other is back", async () => {
    const { clock, llm, a } = twoPools({
      a: { outages: [{ fromMs: 20_000, toMs: 60_000 }] },
      b: { outages: [{ fromMs: 20_000, toMs: 1e9 }] },
    });
    const results = await drive(clock, llm.batch(questions(6000)));
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
    expect(a.books().completed).toBeGreaterThan(5000);
    expect(clock.now()).toBeLessThan(6 * 60_000);
  });
});

describe("fallbacks", () => {
  it("ask another model when the first is dead, and the result says which answered", async () => {
    let failed = 0;
    const dead: Handler = (call, context) => {
      failed += 1;
      return refusing(call, context);
    };
    const client = { model: "a/m", deployments: {}, fallbacks: { "a/m": ["b/other"] } };
    const { clock, llm, b } = twoPools({ a: {}, b: {}, insteadOfA: dead, client });
    const results = await drive(clock, llm.batch(questions(1000)));
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(b.books().completed).toBe(1000);
    expect(failed).toBeLessThanOrEqual(25);
  });
});
