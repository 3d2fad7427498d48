import { describe, expect, it } from "vitest";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { totalTimeout } from "./total-timeout.ts";

const call: Call = {
  id: "c",
  operation: "chat",
  model: { provider: "openai", name: "m" },
  body: {},
  demand: { inputTokens: 1, outputTokens: 1 },
};

describe("the deadline that totalTimeout gives a call", () => {
  it.each<[string, number, Partial<Context>, number | undefined]>([
    ["its total from now", 5000, {}, 6000],
    ["its own total from now", 5000, { timeouts: { totalMs: 300 } }, 1300],
    ["an earlier one that it has", 5000, { deadlineAt: 2000 }, 2000],
    ["none", Infinity, {}, undefined],
  ])("is %s", async (_what, totalMs, more, deadlineAt) => {
    const clock = new VirtualClock();
    await clock.advance(1000);
    const seen: (number | undefined)[] = [];
    const layer = totalTimeout(totalMs)(async (_call, context) => {
      seen.push(context.deadlineAt);
      return { status: 200, body: {}, deployment: "here" };
    });
    const { signal } = new AbortController();
    const cancel = (): void => undefined;
    await layer(call, { signal, cancel, clock, attempt: 1, sequence: 0, observe: () => undefined, ...more });
    expect([seen, clock.armed]).toEqual([[deadlineAt], 0]);
  });
});
