import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Handler } from "../call/handler.ts";
import type { Reply } from "../call/reply.ts";
import { sleep } from "../time/sleep.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import type { ChatPart } from "./chat-reply.ts";
import type { LLMOptions } from "./llm-options.ts";
import type { LLM } from "./llm.ts";
import { createLLM } from "./create-llm.ts";

const usage = { inputTokens: 4, outputTokens: 2, cachedTokens: 0, reasoningTokens: 0 };

const promptOf = (call: Call): string => {
  const messages = call.body["messages"] as readonly { readonly content: string }[];
  return messages.at(-1)?.content ?? "";
};

const answer = (call: Call, text = `re: ${promptOf(call)}`): Reply => ({
  status: 200,
  body: { model: "m-1", choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: text } }] },
  usage,
  deployment: "test",
});

/** A provider that takes as many milliseconds as the prompt says. */
const slow: Handler = async (call, { clock, signal }) => {
  await sleep(clock, Number(promptOf(call)), signal).catch((reason: unknown) => {
    throw reason instanceof CallError ? reason : new CallError("cancelled", String(reason));
  });
  return answer(call);
};

const setUp = (handler: Handler, options: LLMOptions = {}): { readonly llm: LLM; readonly clock: VirtualClock } => {
  const clock = new VirtualClock();
  return { llm: createLLM({ model: "m", handler, clock, rng: () => 0.5, ...options }), clock };
};

describe("createLLM", () => {
  it("refuses deployments of different wire formats, and says what they can be instead", () => {
    const deployments = { m: ["openai/gpt-5-mini", "anthropic/claude-haiku-4-5"] };
    expect(() => createLLM({ deployments })).toThrow(
      'anthropic/claude-haiku-4-5 speaks messages; make anthropic/claude-haiku-4-5 a fallback instead: fallbacks: { "openai/gpt-5-mini":',
    );
  });

  it("may have the name of several deployments for its model, whose addresses and keys it checks", async () => {
    const providers = { a: { baseURL: "http://127.0.0.1:1/v1" }, b: { baseURL: "ftp://nowhere" } };
    const llm = createLLM({ model: "fast", providers, deployments: { fast: ["a/m"] } });
    await llm.close();
    const wrong = { model: "fast", providers, deployments: { fast: ["a/m", "b/m"] } };
    expect(() => createLLM(wrong)).toThrow("ftp://nowhere");
  });

  it("answers one call with text, usage and finish reason", async () => {
    const { llm } = setUp((call) => Promise.resolve(answer(call)));
    expect(await llm.chat("hi")).toMatchObject({ text: "re: hi", usage, finishReason: "stop", model: "m-1" });
  });

  it("runs ten calls of two seconds in two seconds when ten may run at once", async () => {
    const { llm, clock } = setUp(slow, { limits: { maxConcurrent: 10 } });
    await clock.until(llm.batch(Array.from({ length: 10 }, () => "2000")));
    expect(clock.now()).toBe(2000);
  });

  it("keeps batch results in input order and isolates a failed call", async () => {
    const handler: Handler = (call) =>
      promptOf(call) === "bad" ? Promise.reject(new CallError("invalid_request", "no")) : Promise.resolve(answer(call));
    const results = await setUp(handler).llm.batch(["a", "bad", { prompt: "c", id: "third" }], { temperature: 0 });
    expect(results.map((result) => (result.ok ? result.value.text : result.error.code))).toEqual([
      "re: a",
      "invalid_request",
      "re: c",
    ]);
    expect(results.map(({ id, index, attempts }) => [id, index, attempts])).toEqual([
      ["0", 0, 1],
      ["1", 1, 1],
      ["third", 2, 1],
    ]);
  });

  it("yields results as they complete", async () => {
    const { llm, clock } = setUp(slow);
    const order: number[] = [];
    const reading = (async () => {
      for await (const result of llm.asCompleted(["300", "100", "200"])) order.push(result.index);
    })();
    await clock.until(reading);
    expect(order).toEqual([1, 2, 0]);
  });

  it("maps a source in order and never takes far more than it has room for", async () => {
    const { llm, clock } = setUp(slow, { limits: { maxConcurrent: 4 } });
    let taken = 0;
    let read = 0;
    let ahead = 0;
    const rows = function* (): Generator<number> {
      for (; taken < 1000; taken++) yield taken;
    };
    const reading = (async () => {
      for await (const result of llm.map(rows(), (row) => ({ prompt: String(10 + (row % 7)), id: `row-${row}` }))) {
        expect(result.id).toBe(`row-${read++}`);
        ahead = Math.max(ahead, taken - read);
      }
    })();
    await clock.until(reading);
    expect(read).toBe(1000);
    expect(ahead).toBeLessThanOrEqual(64 + 4 * 4);
  });

  it("cancels what is left when the loop is left", async () => {
    const aborted: string[] = [];
    const handler: Handler = (call, { signal }) =>
      promptOf(call) === "0"
        ? Promise.resolve(answer(call))
        : new Promise((_, reject) => {
            signal.addEventListener("abort", () => {
              aborted.push(promptOf(call));
              reject(new CallError("cancelled", "left"));
            });
          });
    const { llm } = setUp(handler);
    for await (const result of llm.asCompleted(["0", "1", "2"])) if (result.ok) break;
    expect(aborted.toSorted()).toEqual(["1", "2"]);
    expect(llm.stats()).toMatchObject({ inFlight: 0, queued: 0 });
  });

  it("retries in place after a 429 without counting it, and tells the story in the result", async () => {
    let calls = 0;
    const handler: Handler = (call) =>
      ++calls <= 8
        ? Promise.reject(new CallError("throttled", "slow down", { status: 429, retryAfterMs: 1000 }))
        : Promise.resolve(answer(call));
    const { llm, clock } = setUp(handler, { retry: 2 });
    const [result] = await clock.until(llm.batch(["x"]));
    expect(result).toMatchObject({ ok: true, attempts: 9 });
    expect(result?.retries).toHaveLength(8);
    expect(clock.now()).toBe(8000);
    expect(llm.stats()).toMatchObject({ throttled: 8, retries: 8, succeeded: 1 });
  });

  it("ends a waiting job at once when it is cancelled, and says so in its status", async () => {
    const { llm, clock } = setUp(slow, { limits: { maxConcurrent: 1 } });
    const first = llm.submit("1000");
    const second = llm.submit("1000", { id: "second" });
    await clock.advance(10);
    expect([first.status, second.status]).toEqual(["running", "queued"]);
    second.cancel();
    await expect(Promise.resolve(second)).rejects.toMatchObject({ code: "cancelled" });
    expect(second.status).toBe("cancelled");
    expect((await clock.until(Promise.resolve(first))).text).toBe("re: 1000");
    expect(first.status).toBe("succeeded");
  });

  it("lets higher priorities go first", async () => {
    const started: string[] = [];
    const handler: Handler = (call, context) => {
      started.push(call.id);
      return slow(call, context);
    };
    const { llm, clock } = setUp(handler, { limits: { maxConcurrent: 1 } });
    const jobs = [
      llm.submit("10", { id: "a" }),
      llm.submit("10", { id: "b" }),
      llm.submit("10", { id: "c", priority: 10 }),
    ];
    await clock.until(Promise.all(jobs));
    expect(started).toEqual(["a", "c", "b"]);
  });

  it("finishes what is in flight and refuses the rest when it is closed", async () => {
    const { llm, clock } = setUp(slow, { limits: { maxConcurrent: 1 } });
    const results = llm.batch(["500", "500"]);
    await clock.advance(100);
    await clock.until(llm.close());
    expect((await results).map((result) => (result.ok ? "ok" : result.error.code))).toEqual(["ok", "closed"]);
    await expect(llm.chat("1")).rejects.toMatchObject({ code: "closed" });
    expect(clock.armed).toBe(0);
  });

  it("drains a run: what is in flight finishes, nothing more is taken", async () => {
    const { llm, clock } = setUp(slow, { limits: { maxConcurrent: 2 } });
    const drain = new AbortController();
    const codes: string[] = [];
    const reading = (async () => {
      for await (const result of llm.asCompleted(
        Array.from({ length: 500 }, () => "100"),
        { drain: drain.signal },
      )) {
        codes.push(result.ok ? "ok" : result.error.code);
      }
    })();
    await clock.advance(150);
    drain.abort();
    await clock.until(reading);
    expect(codes.filter((code) => code === "ok")).toHaveLength(4);
    expect(codes.length).toBeLessThan(100);
    expect(llm.stats().inFlight).toBe(0);
  });

  it("pauses and resumes the pool", async () => {
    const { llm, clock } = setUp(slow);
    llm.pause();
    const result = llm.chat("10");
    await clock.advance(1000);
    expect(llm.stats()).toMatchObject({ queued: 1, boundBy: "paused" });
    llm.resume();
    await clock.until(result);
    expect(clock.now()).toBe(1010);
  });

  it("ends a call at its own timeout", async () => {
    const { llm, clock } = setUp(slow, { retry: 0 });
    await expect(clock.until(llm.chat("5000", { timeout: { attempt: "1s" } }))).rejects.toMatchObject({
      code: "timeout",
    });
    await expect(clock.until(llm.chat("5000", { timeout: { total: "2s" } }))).rejects.toMatchObject({
      code: "timeout",
    });
    expect(clock.now()).toBe(3000);
    expect(clock.armed).toBe(0);
  });

  it("ends a running loop when the client is closed, however long its source", async () => {
    const { llm, clock } = setUp(slow, { limits: { maxConcurrent: 2 } });
    const endless = (function* () {
      for (;;) yield "100";
    })();
    const codes: string[] = [];
    const reading = (async () => {
      for await (const result of llm.asCompleted(endless)) codes.push(result.ok ? "ok" : result.error.code);
    })();
    await clock.advance(150);
    await clock.until(llm.close());
    await clock.until(reading);
    expect(codes.filter((code) => code === "ok")).toHaveLength(4);
    expect(codes.length).toBeLessThan(100);
  });

  it("hands over what was answered when a batch is cancelled", async () => {
    const { llm, clock } = setUp(slow, { limits: { maxConcurrent: 2 } });
    const controller = new AbortController();
    const batch = llm.batch(
      Array.from({ length: 200 }, (_, row) => ({ prompt: "100", id: `row-${row}` })),
      { signal: controller.signal },
    );
    await clock.advance(150);
    controller.abort();
    const results = await clock.until(batch);
    expect(results.map(({ id }) => id)).toEqual(Array.from({ length: 200 }, (_, row) => `row-${row}`));
    expect(results.filter((result) => result.ok)).toHaveLength(2);
    expect(results.filter((result) => !result.ok && result.error.code === "cancelled")).toHaveLength(198);
  });

  it("refuses what nobody can have meant", async () => {
    const { llm } = setUp(slow);
    await expect(llm.batch("Name a river")).rejects.toThrow(/must be an array or another iterable, got string/);
    expect(() => createLLM({ limits: { rpm: 5 } as object })).toThrow(/no option "rpm"/);
    expect(() => createLLM({ timeout: ["2m"] as object })).toThrow(/"timeout" must be an object/);
    expect(() => createLLM({ maxQueued: NaN })).toThrow(/"maxQueued"/);
    llm.setLimits({ maxConcurrent: 3 });
    llm.setLimits({ maxConcurrent: undefined } as object);
    expect(llm.stats().limits).toMatchObject([{ name: "maxConcurrent", value: 3 }]);
  });

  it("tells whoever listens what happens to calls, and goes on when a listener has a bug", async () => {
    const uncaught: unknown[] = [];
    const catching = (error: unknown): void => void uncaught.push(error);
    const { llm, clock } = setUp(slow, { onEvent: ({ type }) => void told.push(`option: ${type}`) });
    const told: string[] = [];
    const off = llm.on("call-end", ({ reply }) => {
      told.push(`end: ${reply?.model} at ${reply?.deployment}, ${reply?.finishReasons.join()}`);
      off();
      throw new Error("a bug");
    });
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException").on("uncaughtException", catching);
    await clock.until(llm.batch(["10", "20"]));
    process.removeListener("uncaughtException", catching);
    for (const other of others) process.on("uncaughtException", other);
    expect(told.filter((line) => line.startsWith("end"))).toEqual(["end: m-1 at test, stop"]);
    expect(told.filter((line) => line === "option: call-end")).toHaveLength(2);
    expect(uncaught).toEqual([new Error("a bug")]);
  });

  it("says what is missing before anything is sent", async () => {
    expect(() => createLLM({ model: "nobody/knows" })).toThrow(/base URL/);
    expect(() => createLLM({ limits: { requestsPerMinute: 0 } })).toThrow(/"requestsPerMinute" must be/);
    expect(() => createLLM({ timeout: { idle: "5 minutes" as "5m" } })).toThrow(/timeout.idle/);
    await expect(createLLM({ handler: slow }).chat("1")).rejects.toMatchObject({ code: "invalid_request" });
  });
});

describe("stream", () => {
  const words = (count: number, between: (context: Context, word: number) => Promise<void>): Handler =>
    async function words(call, context) {
      for (let word = 0; word < count; word++) {
        await between(context, word);
        const text = `w${word} `;
        context.onProgress?.("content");
        await context.onEvent?.({ body: { delta: text }, text, content: true });
      }
      return answer(call);
    };

  it("yields text as it arrives and ends with usage and finish reason", async () => {
    const { llm } = setUp(words(3, () => Promise.resolve()));
    const parts: ChatPart[] = [];
    for await (const part of llm.stream("go")) parts.push(part);
    expect(parts.map((part) => part.text).join("")).toBe("w0 w1 w2 ");
    expect(parts.at(-1)).toEqual({ text: "", usage, finishReason: "stop" });
  });

  it("aborts the request when its loop is left", async () => {
    const { llm, clock } = setUp(words(100, ({ clock: time, signal }) => sleep(time, 10, signal)));
    const reading = (async () => {
      for await (const part of llm.stream("go")) if (part.text.startsWith("w1")) break;
    })();
    await clock.until(reading);
    expect(clock.now()).toBe(20);
    expect(llm.stats().inFlight).toBe(0);
    expect(clock.armed).toBe(0);
  });

  it("fails with the text so far when it breaks after content, and is not retried", async () => {
    const { llm } = setUp(
      words(5, (_, word) => (word === 2 ? Promise.reject(new CallError("network", "cut")) : Promise.resolve())),
    );
    const texts: string[] = [];
    const reading = (async () => {
      for await (const part of llm.stream("go")) texts.push(part.text);
    })();
    await expect(reading).rejects.toMatchObject({ code: "interrupted", partial: "w0 w1 ", attempts: 1 });
    expect(texts).toEqual(["w0 ", "w1 "]);
  });

  it("does not hang when it is left just as the call ends, nor when the client closes before it was read", async () => {
    for (let microtasks = 0; microtasks < 12; microtasks++) {
      let ended = false;
      const onEvent: LLMOptions["onEvent"] = ({ type }) => void (ended ||= type === "call-end");
      const { llm, clock } = setUp(
        words(15, () => Promise.resolve()),
        { onEvent },
      );
      const reading = (async () => {
        for await (const _ of llm.stream("go")) {
          while (!ended) await Promise.resolve();
          for (let turn = 0; turn < microtasks; turn++) await Promise.resolve();
          break;
        }
      })();
      await clock.until(reading);
    }
    const { llm, clock } = setUp(words(500, () => Promise.resolve()));
    await llm.stream("go")[Symbol.asyncIterator]().next();
    await clock.until(llm.close());
    expect(llm.stats().succeeded).toBe(1);
  });

  it("slows the provider down to the reader's speed", async () => {
    let sent = 0;
    const { llm, clock } = setUp(words(1000, () => Promise.resolve(void sent++)));
    const reading = (async () => {
      for await (const part of llm.stream("go")) {
        if (part.text !== "") await sleep(clock, 10, new AbortController().signal);
      }
    })();
    await clock.advance(500);
    expect(sent).toBeLessThanOrEqual(50 + 17);
    await clock.until(reading);
    expect(sent).toBe(1000);
  });
});
