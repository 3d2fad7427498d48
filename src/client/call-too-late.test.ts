import { describe, expect, it } from "vitest";
import type { Call } from "../call/call.ts";
import type { Handler } from "../call/handler.ts";
import { sleep } from "../time/sleep.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { createLLM } from "./create-llm.ts";

const usage = { inputTokens: 4, outputTokens: 2, cachedTokens: 0, reasoningTokens: 0 };

/** A provider that takes as many milliseconds as the prompt says. */
const setUp = (concurrency: number) => {
  const clock = new VirtualClock();
  let sent = 0;
  const handler: Handler = async (call: Call, { signal }) => {
    sent += 1;
    const [message] = call.body["messages"] as readonly { readonly content: string }[];
    await sleep(clock, Number(message?.content), signal);
    const choices = [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "yes" } }];
    return { status: 200, body: { model: "m", choices }, usage, deployment: "test" };
  };
  const limits = { maxConcurrent: concurrency };
  return { clock, sent: () => sent, llm: createLLM({ model: "m", handler, clock, rng: () => 0.5, limits }) };
};

describe("createLLM, for calls with little time", () => {
  it("does not send a call whose turn comes too late for an answer", async () => {
    const { clock, llm, sent } = setUp(4);
    const results = await clock.until(
      llm.batch(
        Array.from({ length: 100 }, () => "900"),
        { timeout: { total: 5000 } },
      ),
    );
    const answered = results.filter(({ ok }) => ok).length;
    expect(answered).toBeGreaterThanOrEqual(20);
    expect([sent(), answered < 100]).toEqual([answered, true]);
    for (const result of results) if (!result.ok) expect(result.error.code).toBe("timeout");
    expect([llm.stats().inFlight, clock.armed]).toEqual([0, 0]);
  });

  it("sends a quick call that did not wait, though others take longer than it has", async () => {
    const { clock, llm } = setUp(4);
    await clock.until(llm.batch(Array.from({ length: 50 }, () => "30000")));
    expect(await clock.until(llm.chat("500", { timeout: { total: 5000 } }))).toMatchObject({ text: "yes" });
  });
});
