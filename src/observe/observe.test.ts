import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import type { CallEvent } from "../call/call-event.ts";
import type { Call } from "../call/call.ts";
import type { Context, Progress } from "../call/context.ts";
import type { Handler } from "../call/handler.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { observe } from "./observe.ts";

const model = { provider: "openai", name: "m" };
const call: Call = { id: "c", operation: "chat", model, body: {}, demand: { inputTokens: 1, outputTokens: 1 } };
const usage = { inputTokens: 3, outputTokens: 2, cachedTokens: 0, reasoningTokens: 0 };
const reply = { status: 200, body: {}, deployment: "here", usage };

const world = (handler: Handler, listener?: (event: CallEvent) => void) => {
  const clock = new VirtualClock();
  const heard: CallEvent[] = [];
  const own: CallEvent[] = [];
  const progress: Progress[] = [];
  const context: Context = {
    signal: new AbortController().signal,
    cancel: () => undefined,
    clock,
    attempt: 0,
    sequence: 0,
    observe: (event) => own.push(event),
    onProgress: (one) => progress.push(one),
  };
  const layer = observe(listener ?? ((event) => heard.push(event)));
  return { clock, heard, own, progress, run: () => layer(handler)(call, context) };
};

describe("observe", () => {
  it("tells of the start and the one end of a call, to its listener and to the call's own", async () => {
    const { heard, own, clock, run } = world(async () => {
      await clock.advance(250);
      return reply;
    });
    expect(await run()).toBe(reply);
    expect(heard).toEqual([
      { type: "call-start", at: 0, id: "c", model, operation: "chat" },
      { type: "call-end", at: 250, id: "c", totalMs: 250, usage, reply: { deployment: "here", finishReasons: [] } },
    ]);
    expect(own).toEqual(heard);
  });

  it.each([
    [new CallError("auth", "no"), "auth"],
    [new TypeError("a slip"), "server"],
  ])("tells of a failure by its code, and throws it on: %s", async (error, code) => {
    const { heard, run } = world(() => Promise.reject(error));
    await expect(run()).rejects.toBe(error);
    expect(heard.slice(1)).toEqual([{ type: "call-end", at: 0, id: "c", totalMs: 0, code }]);
  });

  it("adds the first content of each attempt, and hands all progress on", async () => {
    const { clock, heard, progress, run } = world(async (_call, context) => {
      for (const attempt of [1, 2]) {
        context.observe({ type: "attempt-start", at: clock.now(), id: "c", attempt, queuedMs: 0 });
        context.onProgress?.("head");
        await clock.advance(100);
        for (let content = 0; content < 3; content++) context.onProgress?.("content");
      }
      return reply;
    });
    await run();
    expect(heard.filter(({ type }) => type === "first-content")).toEqual([
      { type: "first-content", at: 100, id: "c", attempt: 1, afterMs: 100 },
      { type: "first-content", at: 200, id: "c", attempt: 2, afterMs: 100 },
    ]);
    expect(progress).toHaveLength(8);
  });

  it("says at the end how long the last attempt took", async () => {
    const { heard, run } = world(async (_call, context) => {
      for (const [attempt, elapsedMs] of [700, 40].entries())
        context.observe({ type: "attempt-end", at: 0, id: "c", attempt: attempt + 1, elapsedMs });
      return reply;
    });
    await run();
    expect(heard.at(-1)).toMatchObject({ type: "call-end", attemptMs: 40 });
  });

  it("tells of one end only, even to a listener that throws", async () => {
    const ends: CallEvent[] = [];
    const { run } = world(
      async () => reply,
      (event) => {
        if (event.type !== "call-end") return;
        ends.push(event);
        throw new Error("a bad listener");
      },
    );
    await expect(run()).rejects.toThrow("a bad listener");
    expect(ends).toHaveLength(1);
  });
});
