import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import type { Call } from "../call/call.ts";
import { compose, type Handler, type Layer } from "../call/handler.ts";
import type { JsonValue } from "../call/json.ts";
import type { Reply } from "../call/reply.ts";
import type { Result } from "../call/result.ts";
import { Metrics } from "../observe/metrics.ts";
import { observe } from "../observe/observe.ts";
import { RetryBudget } from "../retry/retry-budget.ts";
import { retryPolicy } from "../retry/retry-options.ts";
import { retry } from "../retry/retry.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { timeoutMs } from "../timeout/timeout-ms.ts";
import { automaticBound } from "./automatic-bound.ts";
import { RouteTable } from "./routes.ts";
import { ProviderTable } from "./provider-table.ts";
import { CallRunner, type CallRunnerOptions } from "./call-runner.ts";
import type { ChatReply } from "./chat-reply.ts";
import type { ChatRequest } from "./chat-request.ts";
import { Estimator } from "./estimator.ts";
import { learnUsage } from "./learn-usage.ts";

const modelAnswer = (call: Call, length: number): Reply => {
  const bound = call.body["max_completion_tokens"];
  const cut = typeof bound === "number" && length > bound;
  const outputTokens = cut ? bound : length;
  return {
    status: 200,
    body: { choices: [{ finish_reason: cut ? "length" : "stop", message: { content: `${outputTokens} tokens` } }] },
    usage: { inputTokens: 10, outputTokens, cachedTokens: 1, reasoningTokens: 2 },
    deployment: "test",
  };
};

/** Answers with as many tokens as the prompt says. */
const byPrompt: Handler = (call) => {
  const [message] = call.body["messages"] as readonly { readonly content: string }[];
  return Promise.resolve(modelAnswer(call, Number(message?.content)));
};

/** Tells of attempts as the limiter does. */
const attempts: Layer = (next) =>
  async function attempts(call, context) {
    const at = context.clock.now();
    const told = { at, id: call.id, attempt: context.attempt };
    context.observe({ type: "attempt-start", queuedMs: 0, ...told });
    try {
      const reply = await next(call, context);
      context.observe({ type: "attempt-end", elapsedMs: 0, status: 200, ...told });
      return reply;
    } catch (error) {
      context.observe({ type: "attempt-end", elapsedMs: 0, code: "server", ...told });
      throw error;
    }
  };

const setUp = (handler: Handler = byPrompt, options: Partial<CallRunnerOptions> = {}) => {
  const clock = new VirtualClock();
  const estimator = new Estimator();
  const metrics = new Metrics();
  const sent: Call[] = [];
  const numbers: number[] = [];
  const stack = compose(
    observe(metrics.listen),
    automaticBound(estimator),
    retry({ policy: retryPolicy(2), budget: new RetryBudget(0), clock, rng: () => 0.5 }),
    learnUsage(estimator),
    attempts,
  )((call, context) => {
    sent.push(call);
    return handler(call, context);
  });
  const runner = new CallRunner({
    handler: stack,
    clock,
    estimator,
    routes: new RouteTable(new ProviderTable({}, () => undefined)),
    model: "openai/m",
    timeouts: timeoutMs(undefined),
    closing: new AbortController().signal,
    ...options,
  });
  const ask = (request: ChatRequest, drain?: AbortSignal): Promise<Result<ChatReply>> => {
    const onAttempt = (_: string, attempt: number): void => void numbers.push(attempt);
    const running = { index: 0, controller: new AbortController(), onAttempt, drain };
    return clock.until(runner.run({ maxOutputTokens: "auto", ...request }, running));
  };
  const warmUp = async (): Promise<void> => {
    for (let answer = 0; answer < 50; answer++) await ask({ prompt: "100" });
    sent.length = 0;
    numbers.length = 0;
  };
  return { ask, warmUp, sent, numbers, estimator, metrics, runner, clock };
};

const boundsOf = (sent: readonly Call[]): readonly (JsonValue | undefined)[] =>
  sent.map((call) => call.body["max_completion_tokens"]);

describe("automaticBound", () => {
  it("sends no bound before 50 answers, then one that hardly any answer reaches, and reserves it", async () => {
    const { ask, sent } = setUp();
    for (let answer = 0; answer < 50; answer++) await ask({ prompt: "1000" });
    expect(new Set(boundsOf(sent))).toEqual(new Set([undefined]));
    await ask({ prompt: "1000" });
    const bound = Number(boundsOf(sent).at(-1));
    expect(Math.abs(bound / 1250 - 1)).toBeLessThan(0.03);
    expect(sent.at(-1)?.demand).toMatchObject({ outputTokens: bound, outputIsKept: true });
  });

  it("asks once more with twice the bound when it has cut the answer, and adds up what both took", async () => {
    const { ask, warmUp, sent, numbers, metrics, clock } = setUp();
    await warmUp();
    const before = metrics.snapshot(clock.now());
    const result = await ask({ prompt: "400" });
    expect(boundsOf(sent)).toEqual([256, 512]);
    expect(sent.map((call) => call.demand.outputTokens)).toEqual([256, 512]);
    expect(result).toMatchObject({ ok: true, attempts: 2, value: { text: "400 tokens", finishReason: "stop" } });
    expect(result).toMatchObject({
      value: { usage: { inputTokens: 20, outputTokens: 656, cachedTokens: 2, reasoningTokens: 4 } },
    });
    expect(numbers).toEqual([1, 2]);
    const after = metrics.snapshot(clock.now());
    expect([after.succeeded - before.succeeded, after.attempts - before.attempts]).toEqual([1, 2]);
    expect(after.usage.outputTokens - before.usage.outputTokens).toBe(656);
  });

  it("gives back the cut answer when twice the bound cuts it too, and bounds less tightly from then on", async () => {
    const { ask, warmUp, sent } = setUp();
    await warmUp();
    expect(await ask({ prompt: "5000" })).toMatchObject({
      value: { text: "512 tokens", finishReason: "length", usage: { outputTokens: 768 } },
    });
    expect(boundsOf(sent)).toEqual([256, 512]);
    let answers = 0;
    while ((await ask({ prompt: "5000" })).attempts > 1 && answers < 20) answers++;
    expect(answers).toBeLessThan(10);
    expect(await ask({ prompt: "5000" })).toMatchObject({ value: { text: "5000 tokens" }, attempts: 1 });
  });

  it("keeps the cut answer when asking once more fails, but not when the caller has cancelled or closed", async () => {
    const failing =
      (code: "auth" | "cancelled" | "closed"): Handler =>
      async (call, context) => {
        if (call.body["max_completion_tokens"] === 512) throw new CallError(code, "no");
        return byPrompt(call, context);
      };
    const refused = setUp(failing("auth"));
    await refused.warmUp();
    expect(await refused.ask({ prompt: "400" })).toMatchObject({
      ok: true,
      attempts: 2,
      value: { text: "256 tokens" },
    });
    for (const code of ["cancelled", "closed"] as const) {
      const ended = setUp(failing(code));
      await ended.warmUp();
      expect(await ended.ask({ prompt: "400" })).toMatchObject({ ok: false, error: { code } });
    }
  });

  it("counts the attempts of both askings when they were retried", async () => {
    let calls = 0;
    const { ask, warmUp, numbers } = setUp((call, context) =>
      call.body["max_completion_tokens"] !== undefined && ++calls % 2 === 1
        ? Promise.reject(new CallError("server", "no"))
        : byPrompt(call, context),
    );
    await warmUp();
    const result = await ask({ prompt: "400" });
    expect(result).toMatchObject({ ok: true, attempts: 4, value: { text: "400 tokens" } });
    expect(result.retries).toHaveLength(2);
    expect(numbers).toEqual([1, 2, 3, 4]);
  });

  it("drops a bound that the provider refuses, and does not try it again", async () => {
    const { ask, warmUp, sent } = setUp((call, context) =>
      call.body["max_completion_tokens"] === undefined
        ? byPrompt(call, context)
        : Promise.reject(new CallError("invalid_request", "max_completion_tokens is too large", { status: 400 })),
    );
    await warmUp();
    expect(await ask({ prompt: "9000" })).toMatchObject({ ok: true, attempts: 2, value: { text: "9000 tokens" } });
    expect(await ask({ prompt: "9000" })).toMatchObject({ ok: true, attempts: 1 });
    expect(boundsOf(sent)).toEqual([256, undefined, undefined]);
  });

  it("does not blame the bound when the call is refused without it, too", async () => {
    const { ask, warmUp, sent } = setUp((call, context) =>
      JSON.stringify(call.body).includes("wrong")
        ? Promise.reject(new CallError("invalid_request", "wrong", { status: 400 }))
        : byPrompt(call, context),
    );
    await warmUp();
    expect(await ask({ prompt: "wrong" })).toMatchObject({
      ok: false,
      attempts: 2,
      error: { code: "invalid_request" },
    });
    await ask({ prompt: "100" });
    expect(boundsOf(sent)).toEqual([256, undefined, 256]);
  });

  it("bounds a body that names no bound, and no other", async () => {
    const { ask, warmUp, sent } = setUp();
    await warmUp();
    const messages = [{ role: "user", content: "100" }];
    await ask({ body: { messages } });
    await ask({ body: { messages, max_tokens: null } });
    await ask({ body: { messages, max_tokens: 7 } });
    await ask({ body: { messages, n: 2 } });
    await ask({ prompt: "100", params: { max_completion_tokens: 9 } });
    await ask({ prompt: "100", maxOutputTokens: 11 });
    expect(boundsOf(sent)).toEqual([256, 256, undefined, undefined, 9, 11]);
  });

  it("holds for every call of a client that asks for it", async () => {
    const { runner, warmUp, sent, clock } = setUp(byPrompt, { maxOutputTokens: "auto" });
    await warmUp();
    await clock.until(runner.run("100", { index: 0, controller: new AbortController() }));
    const own = { prompt: "100", maxOutputTokens: 77 };
    await clock.until(runner.run(own, { index: 0, controller: new AbortController() }));
    expect(boundsOf(sent)).toEqual([256, 77]);
  });

  it("never cuts what a reader gets as it arrives", async () => {
    const { runner, warmUp, sent, clock } = setUp();
    await warmUp();
    const streamed = { prompt: "400", maxOutputTokens: "auto", stream: true } as const;
    await clock.until(runner.run(streamed, { index: 0, controller: new AbortController(), onEvent: () => undefined }));
    expect(boundsOf(sent)).toEqual([undefined]);
  });

  it("does not ask again while its run drains", async () => {
    const drain = new AbortController();
    const { ask, warmUp, sent } = setUp((call, context) => {
      if (call.body["max_completion_tokens"] !== undefined) drain.abort();
      return byPrompt(call, context);
    });
    await warmUp();
    expect(await ask({ prompt: "400" }, drain.signal)).toMatchObject({ ok: true, value: { text: "256 tokens" } });
    expect(boundsOf(sent)).toEqual([256]);
  });
});
