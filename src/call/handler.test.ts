import { describe, expect, it } from "vitest";
import { systemClock } from "../time/system-clock.ts";
import { compose, type Handler, type Layer } from "./handler.ts";

describe("compose", () => {
  it("stacks layers so that the first one sees the call first and the reply last", async () => {
    const seen: string[] = [];
    const named =
      (name: string): Layer =>
      (next) =>
      async (call, context) => {
        seen.push(`${name} in`);
        const reply = await next(call, context);
        seen.push(`${name} out`);
        return reply;
      };
    const handler: Handler = async () => ({ status: 200, body: {}, deployment: "here" });
    const stack = compose(named("outer"), named("inner"))(handler);
    const model = { provider: "openai", name: "m" };
    const demand = { inputTokens: 1, outputTokens: 1 };
    const { signal } = new AbortController();
    const nothing = (): void => undefined;
    await stack(
      { id: "1", operation: "chat", model, body: {}, demand },
      { signal, cancel: nothing, clock: systemClock, attempt: 1, sequence: 0, observe: nothing },
    );
    expect(seen).toEqual(["outer in", "inner in", "inner out", "outer out"]);
  });

  it("without layers is the handler itself", () => {
    const handler: Handler = async () => ({ status: 200, body: {}, deployment: "here" });
    expect(compose()(handler)).toBe(handler);
  });
});
