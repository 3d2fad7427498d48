import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CallError } from "../../src/call/call-error.ts";
import { CoreWorld, demandOf } from "./core-world.ts";

const minute = 60_000;
/** The pace keeps this much of a limit. */
const pacedShare = 0.995;

/** Where unit costs may start at the earliest: the generic cell rate algorithm (ITU-T I.371), with a wake-up never sooner than 1 ms. */
const gcraTimes = (arrivals: readonly number[], perMs: number, burst: number): readonly number[] => {
  let full = 0;
  let before = 0;
  return arrivals.map((arrival) => {
    const asked = Math.max(arrival, before);
    const free = Math.max(0, full - (burst - 1) / perMs);
    const at = asked >= free - 1e-6 ? asked : Math.max(free, asked + 1);
    full = Math.max(at, full) + 1 / perMs;
    before = at;
    return at;
  });
};

const arrivalTimes = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5 * minute })), {
    minLength: 1,
    maxLength: 60,
    size: "max",
  })
  .map((times) => times.toSorted((a, b) => a - b));

/** Many small calls and a few large ones, up to a fifth of what a minute allows. */
const smallAndLarge = fc.array(
  fc.record({
    atMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 * minute })),
    tokens: fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 1, max: 100 }) }, fc.integer({ min: 300, max: 400 })),
    latencyMs: fc.integer({ min: 0, max: minute }),
  }),
  { minLength: 1, maxLength: 100, size: "max" },
);

const costs = fc.array(
  fc.record({
    atMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 * minute })),
    tokens: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1500, max: 2000 })),
    latencyMs: fc.integer({ min: 0, max: minute }),
  }),
  { minLength: 1, maxLength: 60, size: "max" },
);

describe("the limiter", () => {
  it("P18: starts unit costs exactly when the generic cell rate algorithm would, where the rolling window does not bind", async () => {
    await fc.assert(
      fc.asyncProperty(arrivalTimes, fc.integer({ min: 60, max: 30_000 }), async (arrivals, limit) => {
        const world = new CoreWorld({ requestsPerMinute: limit, maxConcurrent: 1000 });
        world.plan(arrivals.map((atMs) => ({ atMs, tokens: 0, latencyMs: 20 * minute })));
        await world.run(15 * minute);
        const perMs = (pacedShare * limit) / minute;
        const expected = gcraTimes(arrivals, perMs, Math.max(1, perMs * 1000));
        expect(world.grants.map(({ sequence }) => sequence)).toEqual(arrivals.map((_, index) => index));
        for (const [index, { grantedAt }] of world.grants.entries()) {
          expect(Math.abs(grantedAt - (expected[index] ?? NaN))).toBeLessThan(1e-3);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("P3: lets nothing wait that fits", async () => {
    await fc.assert(
      fc.asyncProperty(costs, fc.integer({ min: 1, max: 20 }), async (calls, maxConcurrent) => {
        const world = new CoreWorld({ tokensPerMinute: 2000, requestsPerMinute: 40, maxConcurrent });
        world.plan(calls);
        let fitsSince: { readonly sequence: number; readonly at: number } | undefined;
        await world.run(120 * minute, () => {
          const head = world.waiting.entries().next().value;
          const now = world.clock.now();
          const fits = head !== undefined && world.limiter.earliestStart(demandOf(head[1].tokens)) <= now;
          if (!fits) fitsSince = undefined;
          else if (fitsSince?.sequence !== head[0]) fitsSince = { sequence: head[0], at: now };
          // A wait is never made shorter than a millisecond.
          if (fitsSince !== undefined) expect(now - fitsSince.at).toBeLessThanOrEqual(1 + 1e-6);
        });
        expect(world.grants).toHaveLength(calls.length);
      }),
      { numRuns: 60 },
    );
  });

  it("P4: lets the large wait no longer than the work ahead of it takes", async () => {
    await fc.assert(
      fc.asyncProperty(smallAndLarge, async (calls) => {
        const world = new CoreWorld({ tokensPerMinute: 2000, maxConcurrent: 1000 });
        const planned = calls.toSorted((a, b) => a.atMs - b.atMs);
        world.plan(planned);
        await world.run(60 * minute);
        expect(world.grants).toHaveLength(calls.length);
        const perMs = (pacedShare * 2000) / minute;
        for (const { sequence, grantedAt, atMs, tokens } of world.grants) {
          const before = planned.slice(0, sequence);
          const ahead = before.filter((_, index) => startOf(world, index) >= atMs);
          const work = ahead.reduce((sum, call) => sum + call.tokens, 0) + tokens;
          // Before the work ahead stands the debt of what was started last; a large call does not fit in the end of a full minute.
          const debt = Math.max(0, ...before.map((call) => call.tokens));
          const largest = Math.max(debt, tokens);
          expect(grantedAt - atMs).toBeLessThanOrEqual((work + debt) / perMs / (1 - largest / 2000) + 1000);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("P10: starts what is alike in the order in which it came", async () => {
    await fc.assert(
      fc.asyncProperty(arrivalTimes, fc.integer({ min: 1, max: 5 }), async (arrivals, maxConcurrent) => {
        const world = new CoreWorld({ requestsPerMinute: 60, tokensPerMinute: 9000, maxConcurrent });
        world.plan(arrivals.map((atMs) => ({ atMs, tokens: 100, latencyMs: 900 })));
        await world.run(60 * minute);
        expect(world.grants.map(({ sequence }) => sequence)).toEqual(arrivals.map((_, index) => index));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ["tenants equally", fc.constant(0)],
    ["a priority four times the one below it", fc.integer({ min: 0, max: 1 })],
  ])("P11: serves %s, up to two calls of difference", async (_, priorities) => {
    const kinds = fc.array(fc.record({ tokens: fc.integer({ min: 20, max: 160 }), priority: priorities }), {
      minLength: 2,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(kinds, async (drawn) => {
        // Tenants share what their priority has: to compare priorities, one tenant in each.
        const flows = drawn.filter((flow, index) =>
          drawn.every((other, at) => at >= index || other.priority !== flow.priority),
        );
        const compared = flows.length > 1 ? flows : drawn;
        const world = new CoreWorld({ tokensPerMinute: 10_000, maxConcurrent: 1000 });
        const served = compared.map(() => 0);
        world.onGrant = ({ grantedAt, tenant, tokens, priority = 0 }) => {
          const flow = Number(tenant?.slice(7));
          // What one gets while the others are not in line yet is its own.
          if (grantedAt > 0) served[flow] = (served[flow] ?? 0) + tokens / 4 ** priority;
        };
        for (const [index, flow] of compared.entries()) {
          const call = { ...flow, atMs: 0, latencyMs: 10, tenant: `tenant ${index}` };
          world.plan(Array.from({ length: Math.ceil(25_000 / flow.tokens) }, () => call));
        }
        const most = Math.max(...compared.map(({ tokens }) => tokens));
        await world.run(2 * minute, () =>
          expect(Math.max(...served) - Math.min(...served)).toBeLessThanOrEqual(2 * most + 1e-6),
        );
        expect(Math.min(...served)).toBeGreaterThan(0);
      }),
      { numRuns: 30 },
    );
  });

  it("P12: takes any number of refusals of one burst for one, and late results for none", async () => {
    const bursts = fc.record({
      held: fc.integer({ min: 1, max: 60 }),
      refused: fc.integer({ min: 1, max: 200 }),
      hinted: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(bursts, async ({ held, refused, hinted }) => {
        const world = new CoreWorld({}, { maxConcurrent: 2 * (held + refused) });
        const before = world.limiter.concurrency;
        world.ending = ({ sequence }) =>
          sequence < held ? { ok: false, error: new CallError("server", "late", { status: 500 }) } : crowded(hinted);
        // Those that the provider has room for take long; the others hear one after the other that it has none.
        const latencyMs = (index: number): number => (index < held ? 60_000 : 100 + index);
        world.plan(
          Array.from({ length: held + refused }, (_, index) => ({ atMs: 0, tokens: 0, latencyMs: latencyMs(index) })),
        );
        await world.run(30_000);
        const after = world.limiter.concurrency;
        expect(after).toBeLessThan(before);
        // One cut of a tenth, from what was in flight.
        expect(after).toBeGreaterThanOrEqual(Math.floor(0.9 * (held + 1)));
        await world.run(120_000);
        expect(world.limiter.concurrency).toBe(after);
        expect([world.limiter.queued, world.limiter.inFlight]).toEqual([0, 0]);
      }),
      { numRuns: 50 },
    );
  });

  it("P15: keeps at most one timer, and none when nothing waits", async () => {
    await fc.assert(
      fc.asyncProperty(costs, async (calls) => {
        const world = new CoreWorld({ tokensPerMinute: 2000, requestsPerMinute: 30, maxConcurrent: 5 });
        world.plan(calls);
        await world.run(120 * minute, () => {
          expect(world.counted.armed).toBeLessThanOrEqual(1);
          if (world.limiter.queued === 0) expect(world.counted.armed).toBe(0);
        });
        expect([world.limiter.queued, world.limiter.inFlight, world.clock.armed]).toEqual([0, 0, 0]);
      }),
      { numRuns: 60 },
    );
  });

  it("P5: has everything back when all is over and a minute has passed", async () => {
    await fc.assert(
      fc.asyncProperty(costs, async (calls) => {
        const world = new CoreWorld({ tokensPerMinute: 2000, requestsPerMinute: 30, maxConcurrent: 5 });
        world.plan(calls);
        await world.run(121 * minute);
        expect(world.limiter.stats().map(({ used }) => used)).toEqual([0, 0, 0]);
        // A second of the rate may start at once, as at the very first.
        expect(world.limiter.earliestStart(demandOf(Math.floor((pacedShare * 2000) / 60)))).toBe(world.clock.now());
      }),
      { numRuns: 40 },
    );
  });
});

const startOf = (world: CoreWorld, sequence: number): number =>
  world.grants.find((grant) => grant.sequence === sequence)?.grantedAt ?? Infinity;

const crowded = (hinted: boolean) => ({
  ok: false as const,
  error: new CallError("throttled", "crowded", {
    status: 429,
    exceeded: "concurrency",
    ...(hinted ? { retryAfterMs: 100 } : {}),
  }),
});
