import { describe, expect, it } from "vitest";
import { CallError, type CallErrorDetails } from "../call/call-error.ts";
import type { Call, ModelRef } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Handler } from "../call/handler.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { Estimator } from "./estimator.ts";
import { learnUsage } from "./learn-usage.ts";
import { textOfTokens } from "../../test/fixtures/filler-text.ts";

const model: ModelRef = { provider: "openai", name: "m" };
const body = { messages: [{ role: "user", content: textOfTokens(93) }], max_tokens: 900 };

const context: Context = {
  signal: new AbortController().signal,
  cancel: () => undefined,
  clock: new VirtualClock(),
  attempt: 1,
  sequence: 0,
  observe: () => undefined,
};

/** What is estimated for the same call after one that `handler` answered. */
const estimatedAfter = async (handler: Handler): Promise<number> => {
  const estimator = new Estimator();
  const call: Call = {
    id: "1",
    operation: "chat",
    model,
    body,
    demand: estimator.demand({ operation: "chat", model, body }),
  };
  expect(call.demand.inputTokens).toBe(100);
  await learnUsage(estimator)(handler)(call, context).catch((error: unknown) => error);
  return estimator.demand({ operation: "chat", model, body }).inputTokens;
};

const refusing =
  (details: CallErrorDetails): Handler =>
  () =>
    Promise.reject(new CallError("throttled", "no", { status: 429, ...details }));

describe("learnUsage", () => {
  it("learns from what an answer has used, and nothing from one that does not say", async () => {
    const usage = { inputTokens: 200, outputTokens: 5, cachedTokens: 0, reasoningTokens: 0 };
    const reply = { status: 200, body: {}, deployment: "test" };
    expect(await estimatedAfter(() => Promise.resolve({ ...reply, usage }))).toBe(204);
    expect(await estimatedAfter(() => Promise.resolve(reply))).toBe(100);
  });

  it("learns from the provider's count of a call that was refused for its tokens, and from no other count", async () => {
    const quota = { limit: 10_000, requested: 1100 };
    expect(await estimatedAfter(refusing({ exceeded: "tokens", quota }))).toBe(204);
    expect(await estimatedAfter(refusing({ exceeded: "requests", quota }))).toBe(100);
    expect(await estimatedAfter(refusing({ exceeded: "tokens", quota: { limit: 10_000 } }))).toBe(100);
  });

  it("passes every failure on", async () => {
    const handler = learnUsage(new Estimator())(refusing({}));
    const call: Call = { id: "1", operation: "chat", model, body, demand: { inputTokens: 1, outputTokens: 1 } };
    await expect(handler(call, context)).rejects.toMatchObject({ code: "throttled" });
  });
});
