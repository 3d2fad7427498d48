import fc from "fast-check";
import { expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import type { Outcome, Permit } from "../call/limiter.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { QuotaLimiter } from "./quota-limiter.ts";

const minute = 60_000;

interface Plan {
  readonly atMs: number;
  readonly input: number;
  readonly output: number;
  readonly guess: boolean;
  readonly priority: number;
  readonly latencyMs: number;
  readonly cancelAfterMs: number | undefined;
  readonly ending: "used" | "refused" | "broken" | "throttled" | "hinted" | "unsettled" | "twice";
  /** Which part of what was reserved the call really uses. */
  readonly share: number;
}

interface Grant {
  readonly at: number;
  readonly plan: Plan;
  requests: number;
  tokens: number;
}

interface World {
  readonly clock: VirtualClock;
  readonly limiter: QuotaLimiter;
  readonly grants: Grant[];
  readonly endings: string[];
}

const ending = (plan: Plan, tokens: number): Outcome => {
  const usage = { inputTokens: 0, outputTokens: Math.floor(tokens * plan.share), cachedTokens: 0, reasoningTokens: 0 };
  if (plan.ending === "refused") return { ok: false, error: new CallError("invalid_request", "no", { status: 400 }) };
  if (plan.ending === "broken") return { ok: false, error: new CallError("network", "cut") };
  if (plan.ending === "throttled") return { ok: false, error: new CallError("throttled", "slow", { status: 429 }) };
  if (plan.ending === "hinted")
    return { ok: false, error: new CallError("throttled", "slow", { status: 429, retryAfterMs: 700 }) };
  return { ok: true, usage };
};

/** Ends a granted call by its plan, and keeps the books that the limiter should keep. */
const end = ({ endings }: World, permit: Permit, grant: Grant): void => {
  endings.push(grant.plan.ending);
  if (grant.plan.ending === "unsettled") {
    grant.requests = 0;
    grant.tokens = 0;
    return permit[Symbol.dispose]();
  }
  const outcome = ending(grant.plan, grant.tokens);
  if (outcome.ok) grant.tokens = outcome.usage?.outputTokens ?? grant.tokens;
  else if (outcome.error.status !== undefined) grant.tokens = 0;
  permit.settle(outcome);
  if (grant.plan.ending === "twice") permit.settle({ ok: false, error: new CallError("server", "again") });
  permit[Symbol.dispose]();
};

const call = async (world: World, plan: Plan, sequence: number): Promise<void> => {
  const { clock, limiter, grants, endings } = world;
  const controller = new AbortController();
  const { input: inputTokens, output: outputTokens, guess: outputIsGuess, priority } = plan;
  const demand = { inputTokens, outputTokens, outputIsGuess };
  if (plan.cancelAfterMs !== undefined)
    clock.schedule(clock.now() + plan.cancelAfterMs, () => controller.abort(new Error("enough")));
  try {
    const permit = await limiter.admit({ id: `${sequence}`, demand, priority, sequence, signal: controller.signal });
    // Only what could never fit is cut, so what was reserved is known from outside.
    const tokens = Math.min(inputTokens + outputTokens, outputIsGuess ? tokensPerMinute : Infinity);
    const grant: Grant = { at: clock.now(), plan, requests: 1, tokens };
    grants.push(grant);
    clock.schedule(clock.now() + plan.latencyMs, () => end(world, permit, grant));
  } catch (error) {
    endings.push(error instanceof CallError ? error.code : String(error));
  }
};

const requestsPerMinute = 30;
const tokensPerMinute = 2000;

/** At each start: what counts of the minute before it, as far as the books were closed by then. */
const checkCaps = (grants: readonly Grant[]): void => {
  const now = grants.at(-1)?.at ?? 0;
  const within = grants.filter(({ at }) => at > now - minute);
  expect(within.reduce((sum, { requests }) => sum + requests, 0)).toBeLessThanOrEqual(requestsPerMinute);
  expect(within.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(tokensPerMinute);
};

const plans = fc.array(
  fc.record<Plan>({
    atMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 * minute })),
    input: fc.integer({ min: 0, max: 300 }),
    output: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constant(2500)),
    guess: fc.boolean(),
    priority: fc.integer({ min: 0, max: 2 }),
    latencyMs: fc.integer({ min: 0, max: 2 * minute }),
    cancelAfterMs: fc.option(fc.integer({ min: 0, max: minute }), { nil: undefined }),
    ending: fc.constantFrom("used", "used", "refused", "broken", "throttled", "hinted", "unsettled", "twice"),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 80, size: "max" },
);

it("QuotaLimiter exceeds no limit in any minute, ends each call once, and leaks nothing, whatever happens", async () => {
  await fc.assert(
    fc.asyncProperty(plans, fc.integer({ min: 1, max: 20 }), async (trace, maxConcurrent) => {
      const clock = new VirtualClock();
      const limits = { maxConcurrent, requestsPerMinute, tokensPerMinute };
      const world: World = { clock, limiter: new QuotaLimiter({ clock, limits }), grants: [], endings: [] };
      const running: Promise<void>[] = [];
      for (const [sequence, plan] of trace.entries())
        clock.schedule(plan.atMs, () => running.push(call(world, plan, sequence)));
      let counted = 0;
      while (clock.armed > 0) {
        clock.step(Infinity);
        await clock.advance(0);
        expect(world.limiter.inFlight).toBeLessThanOrEqual(maxConcurrent);
        for (; counted < world.grants.length; counted++) checkCaps(world.grants.slice(0, counted + 1));
      }
      await Promise.all(running);
      expect(world.endings).toHaveLength(trace.length);
      expect([world.limiter.queued, world.limiter.inFlight, clock.armed]).toEqual([0, 0, 0]);
      expect(world.limiter.stats()[0]).toMatchObject({ name: "maxConcurrent", used: 0 });
    }),
    { numRuns: 150 },
  );
}, 60_000);

it("QuotaLimiter lets every call through in the end when nothing is configured, through 429s and cancels", async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (trace) => {
      const clock = new VirtualClock();
      const world: World = { clock, limiter: new QuotaLimiter({ clock }), grants: [], endings: [] };
      const running: Promise<void>[] = [];
      for (const [sequence, plan] of trace.entries())
        clock.schedule(plan.atMs, () => running.push(call(world, plan, sequence)));
      await clock.advance(60 * minute * 60);
      await Promise.all(running);
      expect(world.endings).toHaveLength(trace.length);
      expect([world.limiter.queued, world.limiter.inFlight, clock.armed]).toEqual([0, 0, 0]);
    }),
    { numRuns: 100 },
  );
}, 60_000);
