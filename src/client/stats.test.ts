import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import type { Handler } from "../call/handler.ts";
import { sleep } from "../time/sleep.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { createLLM } from "./create-llm.ts";

const usage = { inputTokens: 5, outputTokens: 5, cachedTokens: 0, reasoningTokens: 0 };

const answer: Handler = async (_call, { clock, signal }) => {
  await sleep(clock, 2000, signal);
  return { status: 200, body: {}, deployment: "here", usage };
};

describe("the statistics of a client", () => {
  it("say how near it came to what its limits allow, and which of them bounds it", async () => {
    const clock = new VirtualClock();
    const llm = createLLM({ clock, handler: answer, model: "m", limits: { requestsPerMinute: 60, maxConcurrent: 50 } });
    expect(llm.stats().bound).toBeUndefined();
    await clock.until(llm.batch(Array.from({ length: 300 }, (_, index) => `prompt ${index}`)));
    const { bound, work } = llm.stats();
    expect(bound?.boundBy).toBe("requestsPerMinute");
    expect(bound?.lowerBoundMs).toBeCloseTo(301_000, 0);
    expect(bound?.achievedShare).toBeCloseTo(301_000 / work.busyMs, 5);
    await llm.close();
  });

  it("say that calls wait for a provider that is left alone, and for how long", async () => {
    const clock = new VirtualClock();
    let broken = false;
    const handler: Handler = async (call, context) => {
      if (!broken) return answer(call, context);
      throw new CallError("server", "500");
    };
    const llm = createLLM({ clock, handler, model: "m", limits: { maxConcurrent: 10 } });
    await clock.until(llm.chat("hello"));
    expect(llm.stats().breakers).toEqual([{ deployment: "custom", state: "closed", waiting: 0 }]);
    broken = true;
    const batch = llm.batch(Array.from({ length: 50 }, (_, index) => `prompt ${index}`));
    await clock.advance(1000);
    const { boundBy, breakers } = llm.stats();
    expect(boundBy).toBe("breaker");
    expect(breakers[0]).toMatchObject({ deployment: "custom", state: "open" });
    expect(breakers[0]?.waiting).toBeGreaterThan(0);
    expect(breakers[0]?.retryAfterMs).toBeGreaterThan(0);
    broken = false;
    await clock.until(batch);
    expect(llm.stats().breakers).toEqual([{ deployment: "custom", state: "closed", waiting: 0 }]);
    await llm.close();
  });
});
