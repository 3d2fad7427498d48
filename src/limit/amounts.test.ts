import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import { amountsBeyond, amountsOf, amountsUsed } from "./amounts.ts";

const tokens = fc.integer({ min: 0, max: 100_000 });
const demand = { inputTokens: 100, outputTokens: 50 };
const taken = amountsOf(demand, {});

describe("amountsOf", () => {
  it("reserves one request, one slot, and all tokens", () => {
    expect(taken).toEqual({ slot: 1, request: 1, input: 100, output: 50, total: 150 });
  });

  it("cuts a guess of the output to what the limits can ever grant, and nothing that is known", () => {
    fc.assert(
      fc.property(
        tokens,
        tokens,
        tokens,
        tokens,
        (inputTokens, outputTokens, tokensPerMinute, outputTokensPerMinute) => {
          const limits = { tokensPerMinute, outputTokensPerMinute };
          const guess = amountsOf({ inputTokens, outputTokens, outputIsGuess: true }, limits);
          const room = Math.max(0, Math.min(tokensPerMinute - inputTokens, outputTokensPerMinute));
          expect(guess.output).toBe(Math.min(outputTokens, room));
          expect(guess.total).toBe(inputTokens + guess.output);
          expect(amountsOf({ inputTokens, outputTokens }, limits).output).toBe(outputTokens);
        },
      ),
    );
  });
});

describe("amountsUsed", () => {
  const usage = { inputTokens: 90, outputTokens: 700, cachedTokens: 80, reasoningTokens: 600 };
  const failed = (error: CallError): ReturnType<typeof amountsUsed> => amountsUsed(taken, demand, { ok: false, error });

  it("is what the provider reports", () => {
    const used = { slot: 0, request: 1, input: 90, output: 700, total: 790 };
    expect(amountsUsed(taken, demand, { ok: true, usage })).toEqual(used);
  });

  it("is all of the bound on the output where the provider gives nothing back of it", () => {
    const kept = { ...demand, outputIsKept: true };
    const used = (outputTokens: number): number =>
      amountsUsed(taken, kept, { ok: true, usage: { ...usage, outputTokens } }).output;
    expect([used(0), used(10), used(700)]).toEqual([50, 50, 700]);
  });

  it("is what was reserved when the provider reports nothing", () => {
    expect(amountsUsed(taken, demand, { ok: true })).toEqual({ ...taken, slot: 0 });
  });

  it("is nothing when the attempt never started", () => {
    const nothing = { slot: 0, request: 0, input: 0, output: 0, total: 0 };
    expect(amountsUsed(taken, demand, undefined)).toEqual(nothing);
  });

  it.each([
    ["a refusal", { status: 400 }],
    ["a 429", { status: 429 }],
    ["a connection that was never made", { unreachable: true }],
  ])("is the request alone after %s", (_what, details) => {
    expect(failed(new CallError("invalid_request", "no", details))).toEqual({
      slot: 0,
      request: 1,
      input: 0,
      output: 0,
      total: 0,
    });
  });

  it.each([
    ["a 500", { status: 500 }],
    ["a cut connection", {}],
    ["a cut 200", { status: 200 }],
  ])("is all that was reserved after %s: it may have been charged", (_what, details) => {
    expect(failed(new CallError("server", "no", details))).toEqual({ ...taken, slot: 0 });
  });
});

describe("amountsBeyond", () => {
  it("is what a stream counts for once it has produced more than was reserved for it", () => {
    expect(amountsBeyond(taken, 50)).toBeUndefined();
    expect(amountsBeyond(taken, 80)).toEqual({ slot: 1, request: 1, input: 100, output: 80, total: 180 });
  });
});
