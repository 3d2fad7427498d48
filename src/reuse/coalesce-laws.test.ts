import fc from "fast-check";
import { expect, it } from "vitest";
import { CallError, cancellation } from "../call/call-error.ts";
import type { CallEvent } from "../call/call-event.ts";
import type { Call } from "../call/call.ts";
import { compose, type Handler } from "../call/handler.ts";
import { observe } from "../observe/observe.ts";
import { followerCount } from "../time/on-abort.ts";
import { sleep } from "../time/sleep.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { totalTimeout } from "../timeout/total-timeout.ts";
import { coalesce } from "./coalesce.ts";

interface Plan {
  readonly atMs: number;
  readonly key: number;
  readonly cancelAfterMs: number | undefined;
  readonly totalMs: number;
}

const usage = { inputTokens: 3, outputTokens: 2, cachedTokens: 0, reasoningTokens: 0 };
/** Questions with an odd key are refused, and each key has a latency of its own. */
const latencyOf = (key: number): number => 100 + 50 * key;
const isRefused = (key: number): boolean => key % 2 === 1;
const keyOf = ({ body }: Call): number => Number(body["key"]);

class World {
  readonly clock = new VirtualClock();
  readonly events: CallEvent[] = [];
  readonly endings: { readonly id: number; readonly what: string; readonly at: number }[] = [];
  readonly signals: AbortSignal[] = [];
  readonly #inFlight = new Map<number, AbortSignal[]>();
  readonly #handler: Handler;
  made = 0;
  completed = 0;
  mostAtOnce = 0;

  constructor() {
    this.#handler = compose(
      observe((event) => this.events.push(event)),
      totalTimeout(Infinity),
      coalesce({ key: (call) => String(keyOf(call)) }),
    )(this.#provider);
  }

  readonly #provider: Handler = async (call, { clock, signal, observe: tell }) => {
    const key = keyOf(call);
    const others = (this.#inFlight.get(key) ?? []).filter((other) => !other.aborted);
    this.mostAtOnce = Math.max(this.mostAtOnce, others.length + 1);
    this.#inFlight.set(key, [...others, signal]);
    this.made += 1;
    const startedAt = clock.now();
    const attempt = { id: call.id, attempt: 1 };
    tell({ type: "attempt-start", at: startedAt, ...attempt, queuedMs: 0 });
    const end = (code?: "cancelled" | "auth"): void => {
      this.#inFlight.set(
        key,
        (this.#inFlight.get(key) ?? []).filter((other) => other !== signal),
      );
      const known = code === undefined ? {} : { code };
      tell({ type: "attempt-end", at: clock.now(), ...attempt, elapsedMs: clock.now() - startedAt, ...known });
    };
    try {
      await sleep(clock, latencyOf(key), signal);
    } catch {
      end("cancelled");
      throw cancellation(signal.reason);
    }
    end(isRefused(key) ? "auth" : undefined);
    if (isRefused(key)) throw new CallError("auth", "no");
    this.completed += 1;
    return { status: 200, body: { key }, usage, deployment: "here" };
  };

  async live(plans: readonly Plan[]): Promise<void> {
    await this.clock.until(Promise.all(plans.map((plan, id) => this.#call(plan, id))));
    await this.clock.advance(10_000);
  }

  async #call({ atMs, key, cancelAfterMs, totalMs }: Plan, id: number): Promise<void> {
    const { clock } = this;
    const controller = new AbortController();
    this.signals.push(controller.signal);
    await sleep(clock, atMs, new AbortController().signal);
    if (cancelAfterMs !== undefined) clock.schedule(clock.now() + cancelAfterMs, () => controller.abort());
    const call: Call = {
      id: String(id),
      operation: "chat",
      model: { provider: "p", name: "m" },
      body: { key },
      demand: { inputTokens: 1, outputTokens: 1 },
    };
    const what = await this.#handler(call, {
      signal: controller.signal,
      cancel: (reason) => controller.abort(reason),
      clock,
      attempt: 0,
      sequence: id,
      observe: () => undefined,
      timeouts: { totalMs },
    }).then(
      ({ body, reused }) => `answer ${Number(body["key"])}${reused === undefined ? "" : " shared"}`,
      (error: unknown) => (error instanceof CallError ? error.code : String(error)),
    );
    this.endings.push({ id, what, at: clock.now() - atMs });
  }
}

const plans = fc.array(
  fc.record({
    atMs: fc.integer({ min: 0, max: 400 }),
    key: fc.integer({ min: 0, max: 3 }),
    cancelAfterMs: fc.option(fc.integer({ min: 0, max: 260 }), { nil: undefined }),
    totalMs: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 260 })),
  }),
  { minLength: 1, maxLength: 30, size: "max" },
);

/** What a call ends with, and when at the latest, as if no other were there. */
const checkEnding = ({ key, cancelAfterMs = Infinity, totalMs }: Plan, what: string, at: number): void => {
  const leavesAt = Math.min(cancelAfterMs, totalMs);
  expect(at).toBeLessThanOrEqual(Math.min(latencyOf(key), leavesAt));
  const answer = isRefused(key) ? "auth" : `answer ${key}`;
  const left = totalMs < cancelAfterMs ? "timeout" : totalMs === cancelAfterMs ? what : "cancelled";
  // At the very moment of leaving, either is right.
  expect(at < leavesAt ? [answer] : [answer, left]).toContain(what.replace(" shared", ""));
};

it("ends every call once, by its own patience or with what its question gets, whoever of the others leaves", async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (calls) => {
      const world = new World();
      await world.live(calls);
      expect(world.endings).toHaveLength(calls.length);
      for (const { id, what, at } of world.endings) checkEnding(calls[id] ?? expect.fail(), what, at);
      expect(world.mostAtOnce).toBe(1);
      expect(world.clock.armed).toBe(0);
      for (const signal of world.signals) expect(followerCount(signal) ?? 0).toBe(0);
    }),
    { numRuns: 300 },
  );
});

it("tells of each call one start and one end, of each request once, and of each usage once", async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (calls) => {
      const world = new World();
      await world.live(calls);
      const ends = world.events.filter((event) => event.type === "call-end");
      expect(ends).toHaveLength(calls.length);
      expect(world.events.filter(({ type }) => type === "attempt-start")).toHaveLength(world.made);
      expect(world.events.filter(({ type }) => type === "attempt-end")).toHaveLength(world.made);
      expect(ends.filter((end) => end.usage !== undefined)).toHaveLength(world.completed);
      const over = new Set<string>();
      for (const { type, id } of world.events) {
        expect(over.has(id)).toBe(false);
        if (type === "call-end") over.add(id);
      }
    }),
    { numRuns: 300 },
  );
});
