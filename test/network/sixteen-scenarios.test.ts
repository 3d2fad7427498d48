import type { RequestListener } from "node:http";
import { describe, expect, it } from "vitest";
import type { Result } from "../../src/call/result.ts";
import type { ChatReply } from "../../src/client/chat-reply.ts";
import type { ChatRequest } from "../../src/client/chat-request.ts";
import { createLLM } from "../../src/client/create-llm.ts";
import type { LLMOptions } from "../../src/client/llm-options.ts";
import { createVirtualProvider } from "../../src/simulator/virtual-provider.ts";
import { seededRng } from "../../src/time/rng.ts";
import { VirtualClock } from "../../src/time/virtual-clock.ts";
import { serve } from "../fixtures/http-server.ts";
import { done, open, piece, stop, usage } from "../fixtures/streamed-answer.ts";
import { answering } from "../fixtures/whole-answer.ts";
import { canaryKey, expectNothingLeft, within } from "./network-client.ts";
import { wholeBody } from "./raw-server.ts";

/*
 * The scenarios of a public comparison of clients. As it should be means in each: the right outcome and error, nobody
 * hangs, every attempt is counted, and the provider's own count of requests and answers agrees with ours.
 */
expectNothingLeft();

const wholeOk = answering(200, wholeBody("a"));
const streamOk: RequestListener = (_, response) => void open(response).end(piece("a") + stop + usage + done);
const failing = (status: number, error: object, headers: Record<string, string> = {}): RequestListener =>
  answering(status, { error }, headers);
const throttled = { message: "Rate limit reached", type: "requests", code: "rate_limit_exceeded" };
const broken = { message: "The server had an error", type: "server_error" };

interface Server {
  readonly url: string;
  /** Requests so far, and those that were answered to their end. */
  readonly ledger: () => { readonly received: number; readonly completed: number };
  readonly bodies: readonly string[];
}

/** Answers its first requests as told, one after the other, and the last one's way for ever. */
const scripted = async (...script: readonly RequestListener[]): Promise<Server> => {
  let received = 0;
  let completed = 0;
  const bodies: string[] = [];
  const origin = await serve((request, response) => {
    const listener = script[Math.min(received++, script.length - 1)];
    let body = "";
    request.on("data", (bytes) => (body += String(bytes)));
    response.once("finish", () => void (completed += 1));
    request.on("end", () => {
      bodies.push(body);
      listener?.(request, response);
    });
  });
  return { url: `${origin}/v1`, ledger: () => ({ received, completed }), bodies };
};

/** Long enough for a machine that has much to do; short where the clock is what is tested. */
const timeout = { attempt: "9s", firstContent: "8s", idle: "5s" } as const;
const quick = { attempt: "600ms", firstContent: "400ms", idle: "300ms" } as const;

interface Asked {
  readonly result: Result<ChatReply>;
  readonly attempts: number;
  readonly codes: readonly (string | undefined)[];
}

/** One call of many, and what happened to its attempts. */
const asked = async (options: LLMOptions, request: ChatRequest = {}, cap = 20_000): Promise<Asked> => {
  const codes: (string | undefined)[] = [];
  await using llm = createLLM({ model: "openai/m", apiKey: canaryKey, timeout, breaker: false, ...options });
  llm.on("attempt-end", ({ code }) => void codes.push(code));
  const [result] = await within(cap, llm.batch([{ prompt: "hi", ...request }]));
  if (result === undefined) throw new Error("There is no result");
  expect(result.attempts).toBe(codes.length);
  return { result, attempts: result.attempts, codes };
};

const both = [false, true] as const;

describe("sixteen faults of a provider", () => {
  it("1. 429 with Retry-After: waits as long as it says, and is answered; not counted as a retry", async () => {
    const server = await scripted(failing(429, throttled, { "retry-after": "1" }), wholeOk);
    const { result, codes } = await asked({ baseURL: server.url, retry: 0 });
    expect(result).toMatchObject({ ok: true, timing: { totalMs: expect.toSatisfy((ms: number) => ms >= 990) } });
    expect(codes).toEqual(["throttled", undefined]);
    expect(server.ledger()).toEqual({ received: 2, completed: 2 });
  });

  it("2. a 429 without headers that persists: ends as throttled after bounded probes, each after a pause", async () => {
    const server = await scripted(failing(429, throttled));
    const { result, attempts } = await asked({ baseURL: server.url, retry: { maxThrottles: 2 } });
    expect(result).toMatchObject({ ok: false, error: { code: "throttled", status: 429 } });
    expect(result.timing.totalMs).toBeGreaterThanOrEqual(700);
    expect([attempts, server.ledger().received]).toEqual([3, 3]);
  });

  it("3. 500, then an answer: is answered at the second attempt", async () => {
    const server = await scripted(failing(500, broken), wholeOk);
    const { result, codes } = await asked({ baseURL: server.url, retry: 3 });
    expect(result.ok).toBe(true);
    expect(codes).toEqual(["server", undefined]);
    expect(server.ledger().received).toBe(2);
  });

  it("4. a 503 that persists: ends as overloaded after the retries, no more and no fewer", async () => {
    const server = await scripted(failing(503, { message: "Overloaded" }));
    const { result, codes } = await asked({ baseURL: server.url, retry: 2 });
    expect(result).toMatchObject({ ok: false, error: { code: "overloaded", status: 503, retryable: true } });
    expect(codes).toEqual(["overloaded", "overloaded", "overloaded"]);
    expect(server.ledger().received).toBe(3);
  });

  it("5. a TCP reset: may have been paid, and is made again within the retries", async () => {
    const reset: RequestListener = (request) => void request.socket.resetAndDestroy();
    const server = await scripted(reset, wholeOk, reset);
    expect(await asked({ baseURL: server.url, retry: 1 })).toMatchObject({ result: { ok: true }, attempts: 2 });
    const { result } = await asked({ baseURL: server.url, retry: 0 });
    expect(result).toMatchObject({ ok: false, error: { code: "network", unreachable: false } });
    expect(server.ledger()).toEqual({ received: 3, completed: 1 });
  });

  it("6. no response at all: times out, is made again twice at most", async () => {
    const server = await scripted(() => undefined);
    for (const stream of both) {
      const before = server.ledger().received;
      const { result, codes } = await asked({ baseURL: server.url, retry: 5, timeout: quick }, { stream });
      expect(result).toMatchObject({ ok: false, error: { code: "timeout" } });
      expect(codes).toEqual(["timeout", "timeout", "timeout"]);
      expect(server.ledger().received - before).toBe(3);
    }
  });

  it("7. a slow first token: is waited for up to its own clock, not that of silence", async () => {
    const late: RequestListener = (_, response) => {
      open(response).flushHeaders();
      setTimeout(() => response.end(piece("a") + stop + usage + done), 500);
    };
    const server = await scripted(late);
    const patient = { ...timeout, idle: "400ms" } as const;
    const { result } = await asked({ baseURL: server.url, timeout: patient }, { stream: true });
    expect(result).toMatchObject({ ok: true, attempts: 1, value: { text: "a" } });
    const hasty = await asked({ baseURL: server.url, retry: 0, timeout: quick }, { stream: true });
    expect(hasty.result).toMatchObject({ ok: false, error: { code: "timeout" } });
    expect(server.ledger().received).toBe(2);
  });

  it("8. a stream that is cut: no half answer is taken for a whole one; what was handed over is kept", async () => {
    const cut: RequestListener = (_, response) =>
      void open(response).write(piece("a"), () => setTimeout(() => response.destroy(), 30));
    const server = await scripted(cut, streamOk, cut);
    expect(await asked({ baseURL: server.url, retry: 1 }, { stream: true })).toMatchObject({
      result: { ok: true, value: { text: "a" } },
      attempts: 2,
    });
    await using llm = createLLM({ model: "openai/m", baseURL: server.url, apiKey: canaryKey, timeout });
    const reading = async (): Promise<void> => {
      for await (const part of llm.stream("hi")) expect(part.text).toMatch(/^a?$/);
    };
    await expect(within(5000, reading())).rejects.toMatchObject({ code: "interrupted", partial: "a", attempts: 1 });
    expect(server.ledger().received).toBe(3);
  });

  it("9. a stream that stalls: ends with the clock of silence, and is made again", async () => {
    const stall: RequestListener = (_, response) => void open(response).write(piece("a"));
    const server = await scripted(stall, streamOk);
    const clocks = { ...timeout, idle: "300ms" } as const;
    const { result, codes } = await asked({ baseURL: server.url, retry: 2, timeout: clocks }, { stream: true });
    expect(result).toMatchObject({ ok: true, value: { text: "a" } });
    expect(codes).toEqual(["timeout", undefined]);
    expect(server.ledger()).toEqual({ received: 2, completed: 1 });
  });

  it("10. a malformed chunk: is no answer, and is made again", async () => {
    const mangled: RequestListener = (_, response) =>
      void open(response).end(`${piece("a")}data: {"choices":[\n\n${stop}${done}`);
    const server = await scripted(mangled, streamOk);
    const { result, codes } = await asked({ baseURL: server.url, retry: 2 }, { stream: true });
    expect(result.ok).toBe(true);
    expect(codes).toEqual(["malformed", undefined]);
    expect(server.ledger()).toEqual({ received: 2, completed: 2 });
  });

  it("11. a missing [DONE]: whole with its finish reason, no answer without", async () => {
    const finished: RequestListener = (_, response) => void open(response).end(piece("a") + stop + usage);
    const half: RequestListener = (_, response) => void open(response).end(piece("a"));
    const server = await scripted(finished, half, streamOk);
    expect((await asked({ baseURL: server.url }, { stream: true })).result).toMatchObject({ ok: true, attempts: 1 });
    expect((await asked({ baseURL: server.url, retry: 2 }, { stream: true })).codes).toEqual(["malformed", undefined]);
    expect(server.ledger().received).toBe(3);
  });

  it("12. a prompt above the context: final at once, and asked of a model with a larger one where there is one", async () => {
    const long = failing(400, {
      message: "This model's maximum context length is 8 tokens",
      code: "context_length_exceeded",
      type: "invalid_request_error",
    });
    const server = await scripted(long, long, wholeOk);
    const alone = await asked({ baseURL: server.url, retry: 5 });
    expect(alone.result).toMatchObject({ ok: false, error: { code: "context_length", retryable: false } });
    const larger = await asked({ baseURL: server.url, fallbacks: { "openai/m": ["openai/large"] }, retry: 5 });
    expect(larger.result).toMatchObject({ ok: true, attempts: 2, value: { answeredBy: "openai/large" } });
    expect(server.ledger().received).toBe(3);
  });

  it("13. a content filter: final as an error, a success with its finish reason as an answer", async () => {
    const refused = failing(400, { message: "The response was filtered", code: "content_filter" });
    const body = JSON.parse(wholeBody("")) as { choices: { finish_reason: string }[] };
    const cutShort = {
      ...body,
      choices: body.choices.map((choice) => ({ ...choice, finish_reason: "content_filter" })),
    };
    const server = await scripted(refused, answering(200, cutShort));
    const error = await asked({ baseURL: server.url, retry: 5 });
    expect(error.result).toMatchObject({ ok: false, attempts: 1, error: { code: "content_filter", retryable: false } });
    const answer = await asked({ baseURL: server.url, retry: 5 });
    expect(answer.result).toMatchObject({ ok: true, attempts: 1, value: { finishReason: "content_filter" } });
    expect(server.ledger().received).toBe(2);
  });

  it("14. a fallback that refuses a prefilled answer: the error names it, and nothing is asked twice", async () => {
    const first = await scripted(failing(500, broken));
    const second = await scripted(
      failing(400, {
        message: "This model does not support assistant message prefill.",
        type: "invalid_request_error",
      }),
    );
    const providers = { openai: { baseURL: first.url, apiKey: "k" }, deepseek: { baseURL: second.url, apiKey: "k" } };
    const messages = [
      { role: "user", content: "Name a river" },
      { role: "assistant", content: "The river is" },
    ] as const;
    const fallbacks = { "openai/m": ["deepseek/strict"] };
    const { result, codes } = await asked({ providers, fallbacks, retry: 1 }, { messages });
    expect(result).toMatchObject({
      ok: false,
      error: { code: "invalid_request", provider: "deepseek", model: "strict" },
    });
    expect(result.ok ? "" : result.error.message).toMatch(/deepseek answered 400.*prefill/);
    expect(codes).toEqual(["server", "server", "invalid_request"]);
    // The prefill went along as it was: whether it may be left out is not ours to say.
    expect(second.bodies[0]).toContain("The river is");
    expect([first.ledger().received, second.ledger().received]).toEqual([2, 1]);
  });

  it("15. a provider that is down for 60 s again and again: every call is answered, and few attempts are lost", async () => {
    const clock = new VirtualClock();
    const outages = [1, 3].map((minute) => ({ fromMs: minute * 60_000, toMs: (minute + 1) * 60_000 }));
    const flapping = createVirtualProvider({ clock, outages, seed: 3 });
    const limits = { requestsPerMinute: 300 };
    const llm = createLLM({ model: "m", clock, rng: seededRng(3), limits, handler: flapping.handle });
    const calls = Array.from({ length: 900 }, () => ({ body: { messages: [], input: 100, output: 20 } }));
    const results = await clock.until(llm.batch(calls));
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
    const attempts = results.reduce((sum, result) => sum + result.attempts, 0);
    expect(attempts).toBeLessThanOrEqual(1.1 * 900);
    expect(flapping.books().attempts).toBe(attempts);
    await llm.close();
  });

  it("16. fail-over: attempts, usage and cost are those of both deployments, and each provider's count agrees", async () => {
    const first = await scripted(failing(500, broken));
    const second = await scripted(wholeOk);
    const providers = { openai: { baseURL: first.url, apiKey: "k" }, deepseek: { baseURL: second.url, apiKey: "k" } };
    const prices = { "openai/*": { input: 1000, output: 1000 }, "deepseek/*": { input: 1, output: 2 } };
    for (const [model, more] of [
      ["pair", { deployments: { pair: ["openai/m", "deepseek/m"] } }],
      ["openai/m", { fallbacks: { "openai/m": ["deepseek/m"] } }],
    ] as const) {
      const counts = [first.ledger().received, second.ledger().received];
      const { result, codes } = await asked({ providers, prices, retry: 0, ...more, model });
      expect(result).toMatchObject({ ok: true, value: { usage: { inputTokens: 3, outputTokens: 2 } } });
      if (result.ok) expect(result.value.cost?.amount).toBeCloseTo((3 * 1 + 2 * 2) / 1e6, 12);
      expect(codes).toEqual(["server", undefined]);
      expect([first.ledger().received, second.ledger().received]).toEqual(counts.map((count) => count + 1));
    }
  });
});
