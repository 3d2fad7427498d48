import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Permit } from "../../src/call/limiter.ts";
import { CoreWorld, demandOf, usageOf } from "./core-world.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const requestsPerMinute = 600;
/** What may start at once: a second of the rate. */
const burst = requestsPerMinute / 60;

const callsAt = (atMs: number, count: number) =>
  Array.from({ length: count }, () => ({ atMs, tokens: 0, latencyMs: 50 }));

describe("a clock that does not run evenly", () => {
  it("P9: lets no burst through when it jumps ahead, by a millisecond or by a month", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.integer({ min: 0, max: 2 * minute }), fc.constant(30 * day)),
        fc.integer({ min: 1, max: 2 * minute }),
        async (jumpMs, atMs) => {
          const world = new CoreWorld({ requestsPerMinute, maxConcurrent: 1000 });
          world.plan(callsAt(0, 1500));
          world.clock.schedule(atMs, () => (world.counted.offsetMs += jumpMs));
          await world.run(10 * minute);
          expect(world.grants).toHaveLength(1500);
          expect(mostWithin(world, 1)).toBeLessThanOrEqual(burst);
          // In a second of the world: the burst before the jump, the burst after it, and what the second brings.
          expect(mostWithin(world, 1000)).toBeLessThanOrEqual(3 * burst);
          expect([world.limiter.queued, world.limiter.inFlight, world.clock.armed]).toEqual([0, 0, 0]);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("P9: goes on, and lets no burst through, when it goes back a little or stands still", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ atMs: fc.integer({ min: 1, max: minute }), backMs: fc.integer({ min: 0, max: 5000 }) }), {
          minLength: 1,
          maxLength: 5,
        }),
        async (steps) => {
          const world = new CoreWorld({ requestsPerMinute, maxConcurrent: 1000 });
          world.plan(callsAt(0, 900));
          for (const { atMs, backMs } of steps) world.clock.schedule(atMs, () => (world.counted.offsetMs -= backMs));
          await world.run(10 * minute);
          expect(world.grants).toHaveLength(900);
          expect(mostWithin(world, 1000)).toBeLessThanOrEqual(2 * burst + 1);
          expect(world.clock.armed).toBe(0);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe("settling", () => {
  it("P8: a second time, after being given back, or minutes later changes nothing", async () => {
    const calls = fc.array(
      fc.record({
        atMs: fc.integer({ min: 0, max: 3 * minute }),
        tokens: fc.integer({ min: 1, max: 400 }),
        used: fc.integer({ min: 0, max: 600 }),
        latencyMs: fc.integer({ min: 0, max: 3 * minute }),
        againAfterMs: fc.integer({ min: 0, max: 3 * minute }),
        givenBack: fc.boolean(),
      }),
      { minLength: 1, maxLength: 40, size: "max" },
    );
    await fc.assert(
      fc.asyncProperty(calls, async (plan) => {
        const once = await grantTimes(plan, false);
        const again = await grantTimes(plan, true);
        expect([once.length, again.length]).toEqual([plan.length, plan.length]);
        // A look at the queue between two others rounds differently.
        for (const [sequence, at] of once.entries()) expect(again[sequence]).toBeCloseTo(at, 3);
      }),
      { numRuns: 50 },
    );
  });
});

interface SettledCall {
  readonly atMs: number;
  readonly tokens: number;
  readonly used: number;
  readonly latencyMs: number;
  readonly againAfterMs: number;
  readonly givenBack: boolean;
}

/** When each call started, in a world where permits are settled once, or over and over. */
const grantTimes = async (plan: readonly SettledCall[], again: boolean): Promise<readonly number[]> => {
  const { clock, limiter } = new CoreWorld({ tokensPerMinute: 2000, requestsPerMinute: 30, maxConcurrent: 6 });
  const times: number[] = [];
  const settle = (permit: Permit, { used, givenBack, againAfterMs }: SettledCall): void => {
    if (givenBack) permit[Symbol.dispose]();
    else permit.settle({ ok: true, usage: usageOf(used) });
    if (!again) return;
    permit.settle({ ok: true, usage: usageOf(5 * used) });
    permit[Symbol.dispose]();
    clock.schedule(clock.now() + againAfterMs, () => permit.settle({ ok: true, usage: usageOf(0) }));
  };
  for (const [sequence, call] of plan.entries()) {
    clock.schedule(call.atMs, () => {
      const request = { id: String(sequence), demand: demandOf(call.tokens), sequence };
      limiter.admit(request).then(
        (permit) => {
          times[sequence] = clock.now();
          clock.schedule(clock.now() + call.latencyMs, () => settle(permit, call));
        },
        () => undefined,
      );
    });
  }
  await clock.advance(120 * minute);
  expect([limiter.queued, limiter.inFlight, clock.armed]).toEqual([0, 0, 0]);
  return times;
};

/** The most that started in any such time of the world's own clock, however long the limiter took it for. */
const mostWithin = ({ grants }: CoreWorld, ms: number): number => {
  let first = 0;
  let most = 0;
  for (const [index, { grantedAt }] of grants.entries()) {
    while ((grants[first]?.grantedAt ?? 0) <= grantedAt - ms) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
};
