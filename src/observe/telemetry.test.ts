import * as telemetry from "@opentelemetry/api";
import { beforeEach, describe, expect, expectTypeOf, it } from "vitest";
import { type RecordedTelemetry, recordedTelemetry, type ToldSpan } from "../../test/fixtures/recorded-telemetry.ts";
import { CallError } from "../call/call-error.ts";
import type { Handler } from "../call/handler.ts";
import type { Reply } from "../call/reply.ts";
import { createLLM } from "../client/create-llm.ts";
import type { LLMOptions } from "../client/llm-options.ts";
import type { Clock } from "../time/clock.ts";
import { sleep } from "../time/sleep.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import type { OpenTelemetryApi } from "./open-telemetry-api.ts";
import { noTelemetry } from "./telemetry.ts";

const reply: Reply = {
  status: 200,
  body: {
    id: "chatcmpl-1",
    model: "m-2026",
    choices: [{ finish_reason: "stop", message: { role: "assistant", content: "a secret answer" } }],
  },
  usage: { inputTokens: 40, outputTokens: 12, cachedTokens: 30, reasoningTokens: 5 },
  deployment: "openai",
};

/** A provider that takes a second, once it has failed as often as it is told to. */
const provider = (...failures: readonly CallError[]): Handler => {
  const left = [...failures];
  return async (_call, { clock, signal, onProgress }) => {
    await sleep(clock, 400, signal);
    onProgress?.("content");
    await sleep(clock, 600, signal);
    const failure = left.shift();
    if (failure !== undefined) throw failure;
    return reply;
  };
};

let recorded: RecordedTelemetry;
beforeEach(() => void (recorded = recordedTelemetry()));

const setUp = (handler: Handler, options: LLMOptions = {}) => {
  const clock = new VirtualClock();
  return { clock, llm: createLLM({ model: "xai/m", handler, clock, rng: () => 0.5, telemetry, ...options }) };
};

const outline = (spans: readonly ToldSpan[]): readonly string[] =>
  spans.map(({ name, from, to, parent }) => `${name} ${from}-${to} in ${parent ?? "nothing"}`);

describe("telemetry", () => {
  it("takes the module @opentelemetry/api as it is, and nothing else", () => {
    expectTypeOf<typeof telemetry>().toExtend<OpenTelemetryApi>();
    expectTypeOf<typeof telemetry.default>().toExtend<OpenTelemetryApi>();
    expect(() => createLLM({ telemetry: telemetry.trace as unknown as OpenTelemetryApi })).toThrow(
      /"telemetry" must be the module @opentelemetry\/api/,
    );
  });

  it("tells of a call in the conventions' words", async () => {
    const { llm, clock } = setUp(provider());
    await clock.until(llm.chat({ id: "c", prompt: "a secret question", temperature: 0.5, maxOutputTokens: 99 }));
    const [call, attempt] = recorded.spans();
    expect(outline(recorded.spans())).toEqual(["chat m 0-1000 in nothing", "sluice.attempt 0-1000 in chat m"]);
    expect(call).toMatchObject({ kind: telemetry.SpanKind.CLIENT, status: telemetry.SpanStatusCode.UNSET });
    expect(call?.attributes).toEqual({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "x_ai",
      "gen_ai.request.model": "m",
      "gen_ai.request.max_tokens": 99,
      "gen_ai.request.temperature": 0.5,
      "gen_ai.response.id": "chatcmpl-1",
      "gen_ai.response.model": "m-2026",
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.usage.input_tokens": 40,
      "gen_ai.usage.output_tokens": 12,
      "gen_ai.usage.cache_read.input_tokens": 30,
      "gen_ai.usage.reasoning.output_tokens": 5,
      "sluice.call.id": "c",
      "sluice.attempts": 1,
    });
    expect(attempt?.attributes).toEqual({
      "http.response.status_code": 200,
      "sluice.deployment": "xai",
      "sluice.model": "xai/m",
    });
  });

  it("tells of a failed attempt, of the wait after it, and of the next attempt", async () => {
    const { llm, clock } = setUp(provider(new CallError("server", "broken", { status: 500 })));
    await clock.until(llm.chat("hi"));
    const [call, first, backoff, second] = recorded.spans();
    const waited = (backoff?.to ?? 0) - (backoff?.from ?? 0);
    expect(waited).toBeGreaterThan(0);
    expect(outline(recorded.spans())).toEqual([
      `chat m 0-${2000 + waited} in nothing`,
      "sluice.attempt 0-1000 in chat m",
      `sluice.backoff 1000-${1000 + waited} in chat m`,
      `sluice.attempt ${1000 + waited}-${2000 + waited} in chat m`,
    ]);
    expect(call?.status).toBe(telemetry.SpanStatusCode.UNSET);
    expect(call?.attributes["sluice.attempts"]).toBe(2);
    expect(first?.status).toBe(telemetry.SpanStatusCode.ERROR);
    expect(first?.attributes).toMatchObject({ "error.type": "server", "http.response.status_code": 500 });
    expect(backoff?.attributes).toEqual({ "error.type": "server" });
    expect(second?.attributes).toMatchObject({ "http.request.resend_count": 1, "http.response.status_code": 200 });
  });

  it("tells how long a call waited for its turn", async () => {
    const { llm, clock } = setUp(provider(), { limits: { maxConcurrent: 1 } });
    await clock.until(llm.batch(["1", "2"]));
    expect(outline(recorded.spans())).toEqual([
      "chat m 0-1000 in nothing",
      "chat m 0-2000 in nothing",
      "sluice.attempt 0-1000 in chat m",
      "sluice.queue 0-1000 in chat m",
      "sluice.attempt 1000-2000 in chat m",
    ]);
  });

  it("tells of a call that was cancelled in the queue, and that it was never sent", async () => {
    const { llm, clock } = setUp(provider(), { limits: { maxConcurrent: 1 } });
    const first = llm.submit("1");
    const second = llm.submit("2");
    await clock.advance(300);
    second.cancel();
    await expect(Promise.resolve(second)).rejects.toMatchObject({ code: "cancelled" });
    await clock.until(Promise.resolve(first));
    const cancelled = recorded.spans().filter(({ status }) => status === telemetry.SpanStatusCode.ERROR);
    expect(outline(cancelled)).toEqual(["chat m 0-300 in nothing"]);
    expect(cancelled[0]?.attributes).toMatchObject({ "error.type": "cancelled", "sluice.attempts": 0 });
    const queue = recorded.spans().find(({ name }) => name === "sluice.queue");
    expect(queue).toMatchObject({ from: 0, to: 300, attributes: { "error.type": "cancelled" } });
    expect(recorded.open).toBe(0);
  });

  it("tells the code of a failure, but nothing that the provider said", async () => {
    const { llm, clock } = setUp(provider(new CallError("invalid_request", "bad: a secret question", { status: 400 })));
    await expect(clock.until(llm.chat("a secret question"))).rejects.toThrow("a secret question");
    const [call, attempt] = recorded.spans();
    expect(call).toMatchObject({
      status: telemetry.SpanStatusCode.ERROR,
      attributes: { "error.type": "invalid_request" },
    });
    expect(attempt?.attributes).toMatchObject({ "error.type": "invalid_request", "http.response.status_code": 400 });
    expect(JSON.stringify([recorded.spans(), await recorded.measured()])).not.toContain("secret");
  });

  it("tells when the first content of a stream came, from the request on", async () => {
    const { llm, clock } = setUp(provider(), { limits: { maxConcurrent: 1 } });
    const reading = async (): Promise<void> => {
      for await (const _ of llm.stream("go"));
    };
    await clock.until(Promise.all([reading(), reading()]));
    const calls = recorded.spans().filter(({ name }) => name === "chat m");
    expect(calls.map(({ to }) => to)).toEqual([1000, 2000]);
    for (const { attributes } of calls)
      expect(attributes).toMatchObject({
        "gen_ai.request.stream": true,
        "gen_ai.response.time_to_first_chunk": 0.4,
      });
  });

  it("puts a call into the span of its caller, and what the request does into that of its attempt", async () => {
    const active: (string | undefined)[] = [];
    const { llm, clock } = setUp(
      async (call, context) => {
        await sleep(context.clock, 10, context.signal);
        telemetry.trace.getTracer("http").startSpan("POST").end();
        active.push(telemetry.trace.getActiveSpan()?.spanContext().spanId);
        return provider()(call, context);
      },
      { limits: { maxConcurrent: 2 } },
    );
    const calling = telemetry.trace.getTracer("test").startActiveSpan("caller", async (span) => {
      await llm.batch(Array.from({ length: 6 }, String));
      await llm.chat("alone");
      span.end();
    });
    await clock.until(calling);
    const ties = new Map<string, number>();
    for (const { name, parent } of recorded.spans()) {
      const tie = `${name} in ${parent ?? "nothing"}`;
      ties.set(tie, (ties.get(tie) ?? 0) + 1);
    }
    expect(Object.fromEntries(ties)).toEqual({
      "caller in nothing": 1,
      "chat m in caller": 7,
      "sluice.queue in chat m": 4,
      "sluice.attempt in chat m": 7,
      "POST in sluice.attempt": 7,
    });
    expect(new Set(active).size).toBe(7);
  });

  it("tells of times by the wall clock of the call's start, whatever it says later", async () => {
    const clock = new VirtualClock(Date.UTC(2030, 0, 1));
    const set: Clock = {
      now: () => clock.now(),
      wallNow: () => clock.wallNow() - (clock.now() > 500 ? 3_600_000 : 0),
      schedule: (at, callback) => clock.schedule(at, callback),
    };
    const { llm } = setUp(provider(new CallError("server", "broken", { status: 500 })), { clock: set });
    await clock.until(llm.chat("hi"));
    const spans = recorded.spans();
    expect(spans[0]?.wallFrom).toBe(Date.UTC(2030, 0, 1));
    expect(spans.map(({ name }) => name.split(".").at(-1))).toEqual(["chat m", "attempt", "backoff", "attempt"]);
    expect(spans.every(({ to }) => to <= 4000)).toBe(true);
  });

  it("counts the time in which a call waits for a provider that is left alone as waiting", async () => {
    let made = 0;
    const down: Handler = async (call, context) => {
      made += 1;
      if (made > 1 && made <= 41) throw new CallError("server", "broken", { status: 500 });
      return provider()(call, context);
    };
    const { llm, clock } = setUp(down, { limits: { maxConcurrent: 100 } });
    await clock.until(llm.chat("first"));
    await clock.until(llm.batch(Array.from({ length: 40 }, String)));
    const waits = recorded.spans().filter(({ name }) => name === "sluice.queue");
    const longest = Math.max(...waits.map(({ from, to }) => to - from));
    expect(longest).toBeGreaterThan(1000);
    expect(recorded.open).toBe(0);
  });

  it("tells of both attempts of a hedged call, each with its own times", async () => {
    let attempts = 0;
    const slowAtTheEnd: Handler = async (call, { clock, signal }) => {
      attempts += 1;
      await sleep(clock, call.id === "29" && attempts === 30 ? 100_000 : 1000, signal).catch((reason: unknown) => {
        throw reason instanceof CallError ? reason : new CallError("cancelled", String(reason));
      });
      return reply;
    };
    const { llm, clock } = setUp(slowAtTheEnd, { hedge: { maxShare: 1 }, limits: { maxConcurrent: 2 } });
    await clock.until(llm.batch(Array.from({ length: 30 }, String)));
    const legs = recorded.spans().filter(({ name, to }) => name === "sluice.attempt" && to > 15_000);
    const hedgedAt = legs[1]?.from ?? 0;
    expect(hedgedAt).toBeGreaterThan(14_000);
    expect(legs.map(({ from, to }) => [from, to])).toEqual([
      [14_000, hedgedAt + 1000],
      [hedgedAt, hedgedAt + 1000],
    ]);
    expect(legs.map(({ attributes }) => attributes["error.type"])).toEqual(["cancelled", undefined]);
    expect(legs[1]?.attributes["http.request.resend_count"]).toBe(1);
    expect(recorded.open).toBe(0);
  });

  it("leaves nothing open behind a thousand calls at once, however they end", async () => {
    let made = 0;
    const fitful: Handler = async (_call, { clock, signal }) => {
      made += 1;
      await sleep(clock, 50 + (made % 7) * 100, signal);
      if (made % 5 === 0) throw new CallError("server", "broken", { status: 503 });
      if (made % 11 === 0) throw new CallError("auth", "no", { status: 401 });
      return reply;
    };
    const { llm, clock } = setUp(fitful, { limits: { maxConcurrent: 100 } });
    const jobs = Array.from({ length: 1000 }, (_, index) => llm.submit(String(index)));
    await clock.advance(700);
    for (const job of jobs) if (Number(job.id) % 3 === 0) job.cancel();
    await clock.until(Promise.allSettled(jobs));
    const calls = recorded.spans().filter(({ name }) => name === "chat m");
    expect(calls).toHaveLength(1000);
    expect(recorded.spans().filter(({ name }) => name === "sluice.attempt")).toHaveLength(made);
    expect(recorded.open).toBe(0);
    const left = (await recorded.measured()).filter(({ name }) => /queue.length|in_flight/.test(name));
    expect(left.map(({ value }) => value)).toEqual([0, 0]);
  });

  it("adds nothing where nobody asks for it", () => {
    const handler = provider();
    expect([noTelemetry.call(handler), noTelemetry.attempt(handler), noTelemetry.request(handler)]).toEqual([
      handler,
      handler,
      handler,
    ]);
  });
});
