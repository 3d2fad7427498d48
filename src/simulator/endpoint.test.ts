import { afterEach, describe, expect, it } from "vitest";
import { request } from "undici";
import { VirtualClock } from "../time/virtual-clock.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "./simulator.ts";

const running: Simulator[] = [];

const start = async (options: SimulatorOptions): Promise<Simulator> => {
  const simulator = await startSimulator(options);
  running.push(simulator);
  return simulator;
};

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

const ask = async (simulator: Simulator, more: object = {}, signal?: AbortSignal) => {
  const reply = await request(`${simulator.url}/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hi" }], ...more }),
    ...(signal === undefined ? {} : { signal }),
  });
  return { status: reply.statusCode, headers: reply.headers, text: await reply.body.text() };
};

describe("quotas", () => {
  it("refuses the request above the bucket as the vendor does, and admits it after the time it was told", async () => {
    const clock = new VirtualClock();
    const simulator = await start({ requestsPerMinute: 60, burstMs: 2_000, clock });
    const first = await ask(simulator);
    expect(first.headers).toMatchObject({
      "x-ratelimit-limit-requests": "60",
      "x-ratelimit-remaining-requests": "1",
      "x-ratelimit-reset-requests": "1s",
    });
    await ask(simulator);
    const refused = await ask(simulator);
    expect(refused).toMatchObject({ status: 429, headers: { "retry-after": "1", "retry-after-ms": "1000" } });
    expect(JSON.parse(refused.text)).toEqual({
      error: {
        message:
          "Rate limit reached for m in organization org-simulated on requests per min (RPM): Limit 60, Used 60, Requested 1. Please try again in 1s. Visit https://platform.openai.com/account/rate-limits to learn more.",
        type: "requests",
        param: null,
        code: "rate_limit_exceeded",
      },
    });
    await clock.advance(1000);
    expect((await ask(simulator)).status).toBe(200);
    expect(simulator.ledger()).toMatchObject({ received: 4, refused: 1, statuses: { 200: 3, 429: 1 } });
  });

  it("charges the prompt and the token limit at admission, or the answer's own tokens", async () => {
    const clock = new VirtualClock();
    const simulator = await start({ tokensPerMinute: 1000, clock });
    const bounded = await ask(simulator, { max_tokens: 100 });
    const promptTokens = 3 + 4 + 1;
    expect(bounded.headers["x-ratelimit-remaining-tokens"]).toBe(String(1000 - promptTokens - 100));
    const open = await ask(simulator);
    const left = Number(bounded.headers["x-ratelimit-remaining-tokens"]) - JSON.parse(open.text).usage.total_tokens;
    expect(open.headers["x-ratelimit-remaining-tokens"]).toBe(String(left));
    expect(open.headers).not.toHaveProperty("x-ratelimit-limit-requests");
    const refused = await ask(simulator, { max_tokens: 950 });
    expect(JSON.parse(refused.text).error).toMatchObject({ type: "tokens", code: "rate_limit_exceeded" });
  });

  it("says that a request is too large when no wait would help", async () => {
    const simulator = await start({ tokensPerMinute: 1000 });
    const refused = await ask(simulator, { max_tokens: 5000 });
    expect(refused.status).toBe(429);
    expect(refused.headers).not.toHaveProperty("retry-after");
    expect(JSON.parse(refused.text).error.message).toMatch(/^Request too large for m .*Limit 1000, Requested 5008\./);
  });

  it("gives a fixed window back at its turn", async () => {
    const clock = new VirtualClock();
    const simulator = await start({ requestsPerMinute: 2, quota: "window", clock });
    await clock.advance(30_000);
    await ask(simulator);
    await ask(simulator);
    expect((await ask(simulator)).headers).toMatchObject({ "retry-after": "30", "x-ratelimit-reset-requests": "30s" });
    await clock.advance(30_000);
    expect((await ask(simulator)).status).toBe(200);
  });

  it("refuses more calls at once than the cap, and takes the next when one has ended", async () => {
    const clock = new VirtualClock();
    const simulator = await start({ maxConcurrent: 2, firstTokenMs: 100, clock });
    const calls = [ask(simulator), ask(simulator)];
    await expect.poll(() => simulator.ledger().inFlight).toBe(2);
    const refused = await ask(simulator);
    expect([refused.status, JSON.parse(refused.text).error.message]).toEqual([
      429,
      expect.stringContaining("concurrent"),
    ]);
    await clock.advance(100);
    await Promise.all(calls);
    const next = ask(simulator);
    await expect.poll(() => clock.armed).toBe(1);
    await clock.advance(100);
    expect((await next).status).toBe(200);
    expect(simulator.ledger()).toMatchObject({ refused: 1, peakInFlight: 2, inFlight: 0, completed: 3 });
  });
});

describe("what an account can be like", () => {
  it("keeps requests and tokens in quotas of their own kind", async () => {
    const clock = new VirtualClock();
    const tokenQuota = { quota: "window", windowMs: 10_000 } as const;
    const limits = { requestsPerMinute: 60, tokensPerMinute: 6000, requestQuota: "sliding" } as const;
    const simulator = await start({ ...limits, tokenQuota, clock });
    expect((await ask(simulator, { max_tokens: 92 })).headers).toMatchObject({
      "x-ratelimit-remaining-requests": "59",
      "x-ratelimit-reset-requests": "1m0s",
      "x-ratelimit-limit-tokens": "6000",
      "x-ratelimit-remaining-tokens": "900",
      "x-ratelimit-reset-tokens": "10s",
    });
  });

  it("tells what was left when a call was admitted, however long its answer takes", async () => {
    const clock = new VirtualClock();
    const simulator = await start({ requestsPerMinute: 60, firstTokenMs: 5000, headerQuantum: 4, clock });
    const call = ask(simulator);
    await expect.poll(() => clock.armed).toBe(1);
    await clock.advance(5000);
    expect((await call).headers["x-ratelimit-remaining-requests"]).toBe("56");
  });

  it("keeps its quotas and its hints to itself when told to", async () => {
    const simulator = await start({ requestsPerMinute: 1, headers: false, hints: false });
    await ask(simulator);
    const refused = await ask(simulator);
    expect([refused.status, JSON.parse(refused.text).error.message]).toEqual([
      429,
      expect.stringContaining("Limit 1, Used 1, Requested 1. Visit"),
    ]);
    expect(Object.keys(refused.headers).filter((name) => /ratelimit|retry-after/.test(name))).toEqual([]);
  });

  it("charges input at admission and output while it is produced", async () => {
    const simulator = await start({ inputTokensPerMinute: 600, outputTokensPerMinute: 3, clock: new VirtualClock() });
    const first = await ask(simulator, { max_tokens: 5 });
    expect(first.headers).toMatchObject({
      "x-ratelimit-remaining-tokens-prompt": "592",
      "x-ratelimit-remaining-tokens-generated": "3",
    });
    const refused = await ask(simulator, { max_tokens: 5 });
    expect(JSON.parse(refused.text).error).toMatchObject({
      type: "tokens",
      message: expect.stringContaining("output tokens per min (OTPM): Limit 3"),
    });
  });

  it("gives back nothing of a bound, or charges only what was used", async () => {
    for (const [tokenCharge, left] of [
      ["bound", "884"],
      ["actual", "983"],
    ] as const) {
      const clock = new VirtualClock();
      const simulator = await start({ tokensPerMinute: 1000, tokenCharge, outputTokens: 1, clock });
      await ask(simulator, { max_tokens: 100 });
      const { headers } = await ask(simulator, { max_tokens: 1, messages: [{ role: "user", content: "" }] });
      expect(headers["x-ratelimit-remaining-tokens"]).toBe(left);
    }
  });

  it("serves more calls than its knee no faster", async () => {
    const clock = new VirtualClock();
    const simulator = await start({ kneeConcurrent: 1, firstTokenMs: 100, clock });
    const calls = [ask(simulator), ask(simulator)];
    await expect.poll(() => simulator.ledger().inFlight).toBe(2);
    await clock.advance(199);
    expect(simulator.ledger().completed).toBe(0);
    await clock.advance(1);
    await Promise.all(calls);
    expect([simulator.ledger().completed, clock.armed]).toEqual([2, 0]);
  });
});

describe("latency", () => {
  it("takes the first token's time and then a step per token, streamed or not", async () => {
    for (const stream of [false, true]) {
      const clock = new VirtualClock();
      const simulator = await start({ firstTokenMs: 500, tokenMs: 100, clock });
      const call = ask(simulator, { max_tokens: 3, stream });
      await expect.poll(() => clock.armed).toBe(1);
      await clock.advance(699);
      expect(simulator.ledger().completed).toBe(0);
      expect(simulator.ledger().entries[0]?.completionTokens).toBe(stream ? 2 : 0);
      await clock.advance(1);
      expect(simulator.ledger().completed).toBe(1);
      expect((await call).headers["openai-processing-ms"]).toBe(stream ? "500" : "700");
    }
  });

  it("notices a client that leaves: not paid, no longer in flight, no timer left", async () => {
    const clock = new VirtualClock();
    const simulator = await start({ firstTokenMs: 500, clock });
    const leaving = new AbortController();
    const call = ask(simulator, {}, leaving.signal).catch((error: unknown) => error);
    await expect.poll(() => simulator.ledger().inFlight).toBe(1);
    leaving.abort();
    await call;
    await expect.poll(() => simulator.ledger().inFlight).toBe(0);
    expect(clock.armed).toBe(0);
    expect(simulator.ledger()).toMatchObject({ received: 1, completed: 0, abandoned: 1 });
    expect(simulator.ledger().entries[0]).toMatchObject({ status: 0, completed: false, abandoned: true });
  });
});

describe("seeds", () => {
  it("draw the same faults for the same order of arrival, and others for another seed", async () => {
    const statuses = async (seed: number): Promise<readonly number[]> => {
      const simulator = await start({ seed, faults: { "500": 0.5 } });
      for (let call = 0; call < 30; call++) await ask(simulator);
      return simulator.ledger().entries.map((entry) => entry.status);
    };
    const first = await statuses(1);
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await statuses(1)).toEqual(first);
    expect(await statuses(2)).not.toEqual(first);
  });
});
