import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Call, ModelRef } from "../call/call.ts";
import type { JsonObject } from "../call/json.ts";
import type { Reply } from "../call/reply.ts";
import { seededRng } from "../time/rng.ts";
import { Estimator } from "./estimator.ts";
import { textOfTokens } from "../../test/fixtures/filler-text.ts";

const openai: ModelRef = { provider: "openai", name: "m" };
const deepseek: ModelRef = { provider: "deepseek", name: "m" };

const bodyOf = (tokens: number, fields: JsonObject = {}): JsonObject => ({
  messages: [{ role: "user", content: textOfTokens(tokens - 7) }],
  ...fields,
});

const callOf = (estimator: Estimator, model: ModelRef, body: JsonObject): Call => ({
  id: "1",
  operation: "chat",
  model,
  body,
  demand: estimator.demand({ operation: "chat", model, body }),
});

const replyOf = (inputTokens: number, outputTokens: number, reason = "stop"): Reply => ({
  status: 200,
  body: { choices: [{ finish_reason: reason }] },
  usage: { inputTokens, outputTokens, cachedTokens: 0, reasoningTokens: 0 },
  deployment: "test",
});

describe("Estimator", () => {
  it("expects 256 tokens of output before any answer, and never more than the bound", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), fc.constantFrom(openai, deepseek), (bound, model) => {
        const estimator = new Estimator();
        expect(estimator.demand({ operation: "chat", model, body: bodyOf(10) }).outputTokens).toBe(256);
        const body = bodyOf(10, { max_tokens: bound });
        expect(estimator.demand({ operation: "chat", model, body }).outputTokens).toBeLessThanOrEqual(bound);
        for (let call = 0; call < 20; call++) estimator.learn(callOf(estimator, model, body), replyOf(10, 9000));
        expect(estimator.demand({ operation: "chat", model, body }).outputTokens).toBeLessThanOrEqual(bound);
      }),
    );
  });

  it("reserves the bound where the provider counts it, and what answers are like where it counts those", () => {
    const estimator = new Estimator();
    const body = bodyOf(10, { max_tokens: 4000 });
    for (const model of [openai, deepseek]) {
      for (let call = 0; call < 300; call++) estimator.learn(callOf(estimator, model, body), replyOf(10, 100));
    }
    expect(estimator.demand({ operation: "chat", model: openai, body })).toMatchObject({
      outputTokens: 4000,
      outputIsKept: true,
    });
    expect(estimator.demand({ operation: "chat", model: deepseek, body }).outputTokens).toBeGreaterThanOrEqual(100);
    expect(estimator.demand({ operation: "chat", model: deepseek, body }).outputTokens).toBeLessThan(110);
  });

  it("knows within 40 calls how many tokens the model counts, and leans to the safe side", () => {
    const ratios = fc.double({ min: 0.3, max: 5, noNaN: true });
    fc.assert(
      fc.property(ratios, fc.integer(), (ratio, seed) => {
        const rng = seededRng(seed);
        const estimator = new Estimator();
        for (let call = 0; call < 40; call++) {
          const tokens = 50 + Math.floor(2000 * rng() ** 3);
          const used = Math.round(tokens * ratio * (0.9 + 0.2 * rng()));
          estimator.learn(callOf(estimator, openai, bodyOf(tokens)), replyOf(used, 10));
        }
        const estimated = estimator.demand({ operation: "chat", model: openai, body: bodyOf(1000) }).inputTokens;
        expect(estimated / (1000 * ratio)).toBeGreaterThan(1.02 * 0.95);
        expect(estimated / (1000 * ratio)).toBeLessThan(1.02 * 1.05);
      }),
    );
  });

  it("does not overshoot when a thousand calls were estimated before the first was answered", () => {
    const estimator = new Estimator();
    const calls = Array.from({ length: 1000 }, () => callOf(estimator, openai, bodyOf(100)));
    for (const call of calls) estimator.learn(call, replyOf(300, 10));
    expect(estimator.demand({ operation: "chat", model: openai, body: bodyOf(100) }).inputTokens).toBe(306);
  });

  it("follows the provider's own count in a refusal, and keeps to it when usage says less", () => {
    const estimator = new Estimator();
    const call = callOf(estimator, openai, bodyOf(1000, { max_tokens: 500 }));
    expect(call.demand).toMatchObject({ inputTokens: 1000, outputTokens: 500 });
    for (let answer = 0; answer < 50; answer++) estimator.learn(call, replyOf(800, 10));
    estimator.learnRequested(call, 1700);
    expect(estimator.demand({ operation: "chat", model: openai, body: bodyOf(1000) }).inputTokens / 1224).toBeCloseTo(
      1,
      2,
    );
    for (let answer = 0; answer < 500; answer++) estimator.learn(call, replyOf(800, 10));
    expect(estimator.demand({ operation: "chat", model: openai, body: bodyOf(1000) }).inputTokens / 1224).toBeCloseTo(
      1,
      2,
    );
  });

  it("ignores a count of which it cannot tell what is input", () => {
    const estimator = new Estimator();
    estimator.learnRequested(callOf(estimator, openai, bodyOf(1000)), 9000);
    estimator.learnRequested(callOf(estimator, deepseek, bodyOf(1000, { max_tokens: 5 })), 9000);
    estimator.learnRequested(callOf(estimator, openai, bodyOf(1000, { max_tokens: 500 })), 400);
    expect(estimator.demand({ operation: "chat", model: openai, body: bodyOf(1000) }).inputTokens).toBe(1000);
    expect(estimator.demand({ operation: "chat", model: deepseek, body: bodyOf(1000) }).inputTokens).toBe(1000);
  });

  it("keeps the models of one name at two providers apart", () => {
    const estimator = new Estimator();
    estimator.learn(callOf(estimator, openai, bodyOf(100)), replyOf(300, 10));
    expect(estimator.demand({ operation: "chat", model: deepseek, body: bodyOf(100) }).inputTokens).toBe(100);
    expect(estimator.outputQuantile(deepseek, 0.5)).toBeUndefined();
  });

  it("counts each of several answers by itself", () => {
    const estimator = new Estimator();
    const body = bodyOf(10, { n: 4 });
    for (let call = 0; call < 300; call++) estimator.learn(callOf(estimator, openai, body), replyOf(10, 400));
    expect(estimator.outputQuantile(openai, 0.5)).toBeCloseTo(100, -1);
    expect(estimator.demand({ operation: "chat", model: openai, body }).outputTokens).toBeLessThan(420);
    expect(estimator.demand({ operation: "chat", model: openai, body: bodyOf(10) }).outputTokens).toBeLessThan(105);
  });

  it("bounds the output after 50 answers, with a quarter of room and never below 256", () => {
    const estimator = new Estimator();
    for (let call = 0; call < 50; call++) {
      expect(estimator.outputBound(openai)).toBeUndefined();
      estimator.learn(callOf(estimator, openai, bodyOf(10)), replyOf(10, call === 20 ? 1000 : 50));
    }
    const bound = estimator.outputBound(openai) ?? 0;
    expect(bound).toBeGreaterThanOrEqual(1250 * 0.97);
    expect(bound).toBeLessThanOrEqual(1250 * 1.03);
    for (let call = 0; call < 50; call++) estimator.learn(callOf(estimator, deepseek, bodyOf(10)), replyOf(10, 50));
    expect(estimator.outputBound(deepseek)).toBe(256);
  });

  it("learns no bound that the provider has refused, nor a larger one", () => {
    const estimator = new Estimator();
    for (let call = 0; call < 60; call++) estimator.learn(callOf(estimator, openai, bodyOf(10)), replyOf(10, 50));
    estimator.refuseBound(openai, 300);
    expect(estimator.outputBound(openai)).toBe(256);
    estimator.refuseBound(openai, 256);
    expect(estimator.outputBound(openai)).toBeUndefined();
  });
});
