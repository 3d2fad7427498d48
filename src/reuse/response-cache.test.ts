import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Reply } from "../call/reply.ts";
import type { StreamEvent } from "../call/stream-event.ts";
import { followerCount } from "../time/on-abort.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { responseCache, type ResponseStore, type StoredReply } from "./response-cache.ts";

const call: Call = {
  id: "c",
  operation: "chat",
  model: { provider: "p", name: "m" },
  body: { question: "q" },
  demand: { inputTokens: 1, outputTokens: 1 },
};

const usage = { inputTokens: 3, outputTokens: 2, cachedTokens: 0, reasoningTokens: 0 };
const reply: Reply = { status: 200, body: { text: "hi" }, usage, requestId: "r", deployment: "here" };

const memory = (): ResponseStore & { readonly kept: Map<string, StoredReply> } => {
  const kept = new Map<string, StoredReply>();
  return {
    kept,
    get: (key) => Promise.resolve(kept.get(key)),
    put: (key, stored) => Promise.resolve(void kept.set(key, stored)),
  };
};

const setUp = (
  store: ResponseStore,
  answer: () => Promise<Reply> = () => Promise.resolve(reply),
  maxAgeMs?: number,
) => {
  const clock = new VirtualClock();
  const failures: unknown[] = [];
  const controller = new AbortController();
  let asked = 0;
  const stack = responseCache({
    store,
    key: ({ body }) => body["question"] as string | undefined,
    text: (_, { body }) => body["text"] as string,
    onFailure: (error) => failures.push(error),
    ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
  })(() => {
    asked += 1;
    return answer();
  });
  const context: Context = {
    signal: controller.signal,
    cancel: () => undefined,
    clock,
    attempt: 0,
    sequence: 0,
    observe: () => undefined,
  };
  const ask = (more: Partial<Context> = {}, what: Call = call): Promise<Reply> => stack(what, { ...context, ...more });
  return { clock, failures, controller, ask, asked: () => asked };
};

describe("responseCache", () => {
  it("answers a second time from the store, and says so", async () => {
    const { ask, asked } = setUp(memory());
    expect(await ask()).toBe(reply);
    expect(await ask()).toEqual({ ...reply, reused: "cache" });
    expect(asked()).toBe(1);
  });

  it("hands the whole text to who reads a stream, and waits for a slow reader", async () => {
    const { ask } = setUp(memory());
    await ask();
    const events: StreamEvent[] = [];
    let done = false;
    const onEvent = async (event: StreamEvent): Promise<void> => {
      events.push(event);
      await Promise.resolve();
      done = true;
    };
    expect(await ask({ onEvent })).toHaveProperty("reused", "cache");
    expect(events).toEqual([{ body: { text: "hi" }, text: "hi", content: true }]);
    expect(done).toBe(true);
  });

  it("ends with the failure of a reader, and with the signal when a reader never comes back", async () => {
    const { ask, controller } = setUp(memory());
    await ask();
    const broken = (): void => {
      throw new Error("broken");
    };
    await expect(ask({ onEvent: broken })).rejects.toMatchObject({ code: "cancelled" });
    const stuck = ask({ onEvent: () => new Promise(() => undefined) });
    setImmediate(() => controller.abort(new CallError("timeout", "enough")));
    await expect(stuck).rejects.toMatchObject({ code: "timeout" });
    expect(followerCount(controller.signal)).toBe(0);
  });

  it("keeps what an SDK has streamed, but never replays it to one: that wants the provider's own events", async () => {
    const { ask, asked } = setUp(memory());
    const sdk = { address: { origin: "o", path: "/", headers: {} }, onEvent: () => undefined };
    await ask(sdk);
    await ask(sdk);
    expect(asked()).toBe(2);
    expect(await ask({ address: sdk.address })).toHaveProperty("reused", "cache");
  });

  it("asks anew what is too old", async () => {
    const { ask, asked, clock } = setUp(memory(), undefined, 1000);
    await ask();
    await clock.advance(1000);
    expect(await ask()).toHaveProperty("reused");
    await clock.advance(1);
    expect(await ask()).not.toHaveProperty("reused");
    expect(await ask()).toHaveProperty("reused");
    expect(asked()).toBe(2);
  });

  it("asks anew, and keeps the new answer, when a kept one will not do", async () => {
    const store = memory();
    const { ask, asked, clock } = setUp(store);
    await ask();
    await clock.advance(5);
    expect(await ask({ fresh: true })).toBe(reply);
    expect(asked()).toBe(2);
    expect(store.kept.get("q")?.storedAt).toBe(clock.wallNow());
  });

  it("keeps nothing but whole successes that were made for it, without what they cost", async () => {
    const store = memory();
    let next: Reply | CallError = new CallError("server", "no");
    const { ask } = setUp(store, () => (next instanceof CallError ? Promise.reject(next) : Promise.resolve(next)));
    await expect(ask()).rejects.toBe(next);
    for (const odd of [{ ...reply, status: 202 }, { ...reply, reused: "coalesced" } as const]) {
      next = odd;
      await ask();
    }
    expect(store.kept.size).toBe(0);
    next = { ...reply, cost: { amount: 1, currency: "USD", matched: "x", source: "override" }, object: {} };
    await ask();
    expect(store.kept.get("q")?.reply).toEqual(reply);
  });

  it("leaves a call without a key alone", async () => {
    const store = memory();
    const { ask, asked } = setUp(store);
    await ask({}, { ...call, body: {} });
    await ask({}, { ...call, body: {} });
    expect([asked(), store.kept.size]).toEqual([2, 0]);
  });

  it("goes on without a store that fails, and tells of it", async () => {
    const broken: ResponseStore = {
      get: () => Promise.reject(new Error("cannot read")),
      put: () => Promise.reject(new Error("cannot write")),
    };
    const { ask, failures } = setUp(broken);
    expect(await ask()).toBe(reply);
    expect(failures).toEqual([new Error("cannot read"), new Error("cannot write")]);
  });

  it("does not wait for a store that hangs when its call is cancelled", async () => {
    const hanging: ResponseStore = { get: () => new Promise(() => undefined), put: () => new Promise(() => undefined) };
    const { ask, controller, failures, asked } = setUp(hanging);
    setImmediate(() => controller.abort());
    await expect(ask()).rejects.toMatchObject({ code: "cancelled" });
    expect([asked(), failures.length, followerCount(controller.signal)]).toEqual([0, 0, 0]);
  });

  it("hands over an answer that cannot be stored in time", async () => {
    const hanging: ResponseStore = { ...memory(), put: () => new Promise(() => undefined) };
    const { ask, controller } = setUp(hanging);
    setImmediate(() => controller.abort());
    expect(await ask()).toBe(reply);
  });
});
