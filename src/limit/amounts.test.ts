import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import type { Limits } from "./limits.ts";
import { amountsOf, amountsUsed } from "./amounts.ts";

const tokens = fc.integer({ min: 0, max: 100_000 });
const taken = amountsOf({ inputTokens: 100, outputTokens: 50 }, {});

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
  const failed = (error: CallError): ReturnType<typeof amountsUsed> => amountsUsed(taken, { ok: false, error }, {});

  it("is what the provider reports", () => {
    const usage = { inputTokens: 90, outputTokens: 700, cachedTokens: 80, reasoningTokens: 600 };
    expect(amountsUsed(taken, { ok: true, usage }, {})).toEqual({
      used: { slot: 0, request: 1, input: 90, output: 700, total: 790 },
      lesson: "succeeded",
    });
  });

  it("is what was reserved when the provider reports nothing", () => {
    expect(amountsUsed(taken, { ok: true }, {})).toEqual({ used: { ...taken, slot: 0 }, lesson: "succeeded" });
  });

  it("is nothing when the attempt never started", () => {
    const nothing = { slot: 0, request: 0, input: 0, output: 0, total: 0 };
    expect(amountsUsed(taken, undefined, {})).toEqual({ used: nothing, lesson: undefined });
  });

  it.each([
    ["a refusal", { status: 400 }],
    ["a 429", { status: 429 }],
    ["a connection that was never made", { unreachable: true }],
  ])("is the request alone after %s", (_what, details) => {
    const { used } = failed(new CallError("invalid_request", "no", details));
    expect(used).toEqual({ slot: 0, request: 1, input: 0, output: 0, total: 0 });
  });

  it.each([
    ["a 500", { status: 500 }],
    ["a cut connection", {}],
    ["a cut 200", { status: 200 }],
  ])("is all that was reserved after %s: it may have been charged", (_what, details) => {
    expect(failed(new CallError("server", "no", details)).used).toEqual({ ...taken, slot: 0 });
  });

  it.each([
    ["throttled", "crowded"],
    ["overloaded", "failed"],
    ["network", "failed"],
    ["cancelled", undefined],
    ["closed", undefined],
  ] as const)("after %s, a limit learns: %s", (code, lesson) => {
    expect(failed(new CallError(code, "no")).lesson).toBe(lesson);
  });

  it("takes a 429 for a crowd unless it names a rate that is configured, for that is paced already", () => {
    const lessonOf = (exceeded: "requests" | "tokens" | "concurrency", limits: Limits): unknown =>
      amountsUsed(taken, { ok: false, error: new CallError("throttled", "no", { exceeded }) }, limits).lesson;
    expect(lessonOf("requests", { requestsPerMinute: 60 })).toBe("throttled");
    expect(lessonOf("tokens", { requestsPerMinute: 60 })).toBe("crowded");
    expect(lessonOf("tokens", { outputTokensPerMinute: 60 })).toBe("throttled");
    expect(lessonOf("concurrency", { requestsPerMinute: 60, tokensPerMinute: 60 })).toBe("crowded");
  });
});
