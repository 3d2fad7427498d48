import { describe, expect, it } from "vitest";
import { CallError, cancellation } from "../call/call-error.ts";
import type { CallEvent } from "../call/call-event.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Handler } from "../call/handler.ts";
import type { JsonObject } from "../call/json.ts";
import type { Reply } from "../call/reply.ts";
import { sleep } from "../time/sleep.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import type { HedgeOptions } from "./hedge-options.ts";
import { hedge } from "./hedge.ts";

const reply: Reply = { status: 200, body: {}, deployment: "here" };
const callOf = (body: JsonObject): Call => ({
  id: "c",
  operation: "chat",
  model: { provider: "openai", name: "m" },
  body,
  demand: { inputTokens: 1, outputTokens: 100 },
});

type Script = { readonly tookMs: number; readonly error?: CallError };

/** A provider that has answered 20 calls in a second each, and then does as it is told. */
const world = async (scripts: readonly Script[], options: HedgeOptions = {}) => {
  const clock = new VirtualClock();
  const told: Script[] = [];
  const ended: string[] = [];
  const handler: Handler = async (call, { signal, observe, attempt }) => {
    const script = told.shift() ?? { tookMs: 1000 };
    const at = clock.now();
    observe({ type: "attempt-start", at, id: call.id, attempt, queuedMs: 0 });
    const end = (how: string): void => {
      ended.push(`${how} at ${clock.now()}`);
      observe({ type: "attempt-end", at: clock.now(), id: call.id, attempt, elapsedMs: clock.now() - at });
    };
    await sleep(clock, script.tookMs, signal).catch((reason: unknown) => {
      end("aborted");
      throw cancellation(reason);
    });
    end(script.error === undefined ? "answered" : "failed");
    if (script.error !== undefined) throw script.error;
    return { ...reply, requestId: `took ${script.tookMs}` };
  };
  const layer = hedge({ clock, maxShare: 0.1, ...options })(handler);
  const controller = new AbortController();
  const events: CallEvent[] = [];
  const run = (changes: Partial<Context> = {}, body: JsonObject = {}): Promise<Reply> =>
    layer(callOf(body), {
      signal: controller.signal,
      cancel: (reason) => controller.abort(reason),
      clock,
      attempt: 1,
      sequence: 0,
      observe: (event) => events.push(event),
      ofMany: true,
      isLast: () => true,
      ...changes,
    });
  await clock.until(Promise.all(Array.from({ length: 20 }, () => run({ isLast: () => false }))));
  told.push(...scripts);
  ended.length = 0;
  events.length = 0;
  return { clock, controller, ended, events, run, told };
};

describe("hedge", () => {
  it("makes a call that hangs at the end a second time, takes the first success and ends the other", async () => {
    const { clock, ended, events, run } = await world([{ tookMs: 10_000 }, { tookMs: 500 }]);
    expect(await clock.until(run())).toMatchObject({ requestId: "took 500" });
    const at = clock.now();
    expect(at).toBeGreaterThan(2500);
    expect(at).toBeLessThan(2600);
    expect(ended).toEqual([`answered at ${at}`, `aborted at ${at}`]);
    expect(events.map(({ type }) => type)).toEqual(["attempt-start", "attempt-start", "attempt-end", "attempt-end"]);
    expect(clock.armed).toBe(0);
  });

  it("takes the first attempt when that one is faster after all", async () => {
    const { clock, run } = await world([{ tookMs: 1500 }, { tookMs: 5000 }]);
    expect(await clock.until(run())).toMatchObject({ requestId: "took 1500" });
    expect(clock.now()).toBe(2500);
  });

  it("lets a failure pass while the other attempt runs, and fails with the first attempt's when both do", async () => {
    const error = new CallError("server", "first");
    const other = new CallError("overloaded", "second");
    const saved = await world([{ tookMs: 5000 }, { tookMs: 10, error: other }]);
    expect(await saved.clock.until(saved.run())).toMatchObject({ requestId: "took 5000" });
    const rescued = await world([{ tookMs: 5000, error }, { tookMs: 9000 }]);
    expect(await rescued.clock.until(rescued.run())).toMatchObject({ requestId: "took 9000" });
    const lost = await world([
      { tookMs: 5000, error },
      { tookMs: 10, error: other },
    ]);
    await expect(lost.clock.until(lost.run())).rejects.toBe(error);
    const alone = await world([{ tookMs: 100, error }]);
    await expect(alone.clock.until(alone.run())).rejects.toBe(error);
  });

  it("waits until the call is among the last", async () => {
    let last = false;
    const { clock, run } = await world([{ tookMs: 60_000 }, { tookMs: 500 }]);
    const running = run({ isLast: () => last });
    await clock.advance(8000);
    last = true;
    await clock.until(running);
    expect(clock.now()).toBeGreaterThan(9500);
    expect(clock.now()).toBeLessThan(11_000);
  });

  it("ends both attempts with the call", async () => {
    const { clock, controller, ended, run } = await world([{ tookMs: 10_000 }, { tookMs: 10_000 }]);
    const running = run();
    await clock.advance(3000);
    controller.abort(new CallError("cancelled", "enough"));
    await expect(running).rejects.toThrow("enough");
    expect(ended).toEqual(["aborted at 4000", "aborted at 4000"]);
    expect(clock.armed).toBe(0);
  });

  it.each<readonly [string, Partial<Context>, JsonObject, HedgeOptions]>([
    ["a stream that is read", { onEvent: () => undefined }, {}, {}],
    ["a call that is stored", {}, { store: true }, {}],
    ["a call in the background", {}, { background: true }, {}],
    ["a call with tools", {}, { tools: [{ type: "function" }] }, {}],
  ])("never makes %s twice", async (_, changes, body, options) => {
    const { clock, ended, run } = await world([{ tookMs: 10_000 }], options);
    await clock.until(run(changes, body));
    expect(ended).toEqual(["answered at 11000"]);
  });

  it("makes a call with tools twice when it is said to be idempotent", async () => {
    const { clock, run } = await world([{ tookMs: 10_000 }], { idempotent: true });
    await clock.until(run({}, { store: true, tools: [{ type: "function" }] }));
    expect(clock.now()).toBeLessThan(4000);
  });

  it("makes no more than its share and its number of calls twice", async () => {
    const hanging = Array.from({ length: 100 }, () => ({ tookMs: 10_000 }));
    for (const [options, twice] of [
      [{ maxShare: 0.05, maxCalls: 50 }, 6],
      [{ maxShare: 1, maxCalls: 5 }, 5],
    ] as const) {
      const { clock, ended, run } = await world(hanging, options);
      await clock.until(Promise.all(Array.from({ length: 100 }, () => run())));
      expect(ended).toHaveLength(100 + twice);
    }
  });

  it.each([
    [{ maxShare: 0 }, '"maxShare" must be above 0 and at most 1, got 0'],
    [{ maxCalls: 0.5 }, '"maxCalls" must be a whole number of at least 1, got 0.5'],
  ])("refuses %j", (options, message) => {
    expect(() => hedge({ clock: new VirtualClock(), ...options })).toThrow(new RangeError(`Cannot hedge: ${message}`));
  });
});
