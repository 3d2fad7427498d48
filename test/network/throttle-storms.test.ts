import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import type { CallEvent } from "../../src/call/call-event.ts";
import { createLLM } from "../../src/client/create-llm.ts";
import type { LLMOptions } from "../../src/client/llm-options.ts";
import { listen } from "../fixtures/http-server.ts";
import { canaryKey, expectNothingLeft, within } from "./network-client.ts";
import { wholeBody } from "./raw-server.ts";

expectNothingLeft();

type Head = readonly [status: number, headers: Readonly<Record<string, string>>];

const throttledBody = JSON.stringify({
  error: { message: "Rate limit reached", type: "requests", code: "rate_limit_exceeded" },
});
const noMoneyBody = JSON.stringify({
  error: { message: "You exceeded your current quota", type: "insufficient_quota", code: "insufficient_quota" },
});

interface Storm {
  /** When requests came, in milliseconds from the first. */
  readonly arrivals: readonly number[];
  readonly waits: readonly number[];
  readonly codes: readonly string[];
  readonly elapsedMs: number;
}

const atOnce = 4;

/** Few: after a storm the limiter goes on at the rate that it has learned. */
const callCount = 6;

/** Makes many calls against a server that refuses each request of the first `stormMs`, and all that come later if it is told so. */
const storm = async (
  head: () => Head,
  stormMs: number,
  options: LLMOptions = {},
  body = throttledBody,
): Promise<Storm> => {
  const arrivals: number[] = [];
  let startedAt = Infinity;
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    request.resume();
    startedAt = Math.min(startedAt, performance.now());
    const at = performance.now() - startedAt;
    arrivals.push(at);
    const [status, headers] = head();
    if (at < stormMs) response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    else response.writeHead(200, { "content-type": "application/json" }).end(wholeBody());
  };
  const url = `${await listen(createServer(answer))}/v1`;
  const waits: number[] = [];
  const onEvent = (event: CallEvent): void => void (event.type === "call-retry" && waits.push(event.waitMs));
  const limits = { maxConcurrent: atOnce };
  await using llm = createLLM({ model: "openai/m", baseURL: url, apiKey: canaryKey, limits, onEvent, ...options });
  const at = performance.now();
  const results = await within(60_000, llm.batch(Array.from({ length: callCount }, (_, index) => `question ${index}`)));
  const codes = results.map((result) => (result.ok ? "ok" : result.error.code));
  return { arrivals, waits, codes, elapsedMs: performance.now() - at };
};

const until = (ms: number): string => new Date(Date.now() + ms).toUTCString();

/** So many probes a pause allows: the calls that were out already, then one each. */
const probes = (stormMs: number, pauseMs: number): number => atOnce + Math.ceil(stormMs / pauseMs) + 1;

const stormMs = 1800;

/** How a server says how long to wait, and the pause that is made of it. */
const heads: readonly (readonly [string, () => Head, number])[] = [
  ["seconds", () => [429, { "retry-after": "1" }], 1000],
  ["a date", () => [429, { "retry-after": until(2000) }], 900],
  ["milliseconds", () => [429, { "retry-after-ms": "500", "retry-after": "1" }], 500],
  ["seconds below zero, which are nothing said", () => [429, { "retry-after": "-5" }], 1000],
  ["nothing", () => [429, {}], 1000],
  ["words", () => [429, { "retry-after": "soon" }], 1000],
];

describe("N15 a storm of 429s", () => {
  it("N15 is waited out with one probe a pause and no call lost, in whatever form it says how long", async () => {
    const storms = heads.map(async ([form, head, pauseMs]) => ({ form, pauseMs, ...(await storm(head, stormMs)) }));
    for (const { form, pauseMs, arrivals, codes, elapsedMs } of await Promise.all(storms)) {
      expect(new Set(codes), form).toEqual(new Set(["ok"]));
      const refused = arrivals.filter((at) => at < stormMs).length;
      expect(refused, form).toBeLessThanOrEqual(probes(stormMs, pauseMs));
      expect(elapsedMs, form).toBeGreaterThanOrEqual(stormMs);
    }
  });

  it("N15 is no hot loop when it says again and again that no wait is needed", async () => {
    const { arrivals, codes } = await storm(() => [429, { "retry-after": "0" }], stormMs);
    expect(new Set(codes)).toEqual(new Set(["ok"]));
    // Twice it is believed.
    expect(arrivals.filter((at) => at < stormMs).length).toBeLessThanOrEqual(3 * atOnce + probes(stormMs, 1000));
  });

  it.each<readonly [string, Head, string]>([
    ["a wait of thirty years", [429, { "retry-after": "1000000000" }], throttledBody],
    ["a date in thirty years", [429, { "retry-after": "Fri, 31 Dec 2055 23:59:59 GMT" }], throttledBody],
    ["no money", [429, {}], noMoneyBody],
  ])("N15 is not waited for when it cannot be over soon: %s", async (_, head, body) => {
    const { arrivals, codes, elapsedMs } = await storm(() => head, Infinity, {}, body);
    expect(new Set(codes)).toEqual(new Set(["quota_exhausted"]));
    expect(arrivals.length).toBeLessThanOrEqual(callCount);
    expect(elapsedMs).toBeLessThan(20_000);
  });

  it.each([503, 529])(
    "N15 with status %i is backed off from, each call for itself, and is no storm",
    async (status) => {
      const { arrivals, codes, waits } = await storm(() => [status, {}], 1500, { retry: 5, breaker: false });
      expect(new Set(codes)).toEqual(new Set(["ok"]));
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(50);
      expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
      expect(arrivals.length).toBeLessThanOrEqual(callCount * 6);
    },
  );

  it("N15 ends when a call has been sent back often enough, having waited each time", async () => {
    const started = performance.now();
    const { arrivals, codes } = await storm(() => [429, { "retry-after-ms": "100" }], Infinity, {
      retry: { maxThrottles: 2 },
      limits: { maxConcurrent: callCount },
    });
    expect(new Set(codes)).toEqual(new Set(["throttled"]));
    expect(arrivals.length).toBeLessThanOrEqual(callCount * 3);
    expect(performance.now() - started).toBeGreaterThan(200);
  });
});
