import { describe, expect, it } from "vitest";
import { simulated } from "../../test/fixtures/simulated.ts";
import { createLLM } from "./create-llm.ts";
import type { LLMOptions } from "./llm-options.ts";

const nowhere = { baseURL: "http://127.0.0.1:9", apiKey: "k" };

describe("over real connections", () => {
  it("asks the model of the call first, then one that is asked in another format", async () => {
    const { origin } = await simulated();
    const providers = { openai: nowhere, anthropic: { baseURL: origin, apiKey: "k" } };
    const fallbacks = { "openai/gpt-5-mini": ["anthropic/claude-haiku-4-5"] };
    await using llm = createLLM({ model: "openai/gpt-5-mini", providers, fallbacks });
    const [result] = await llm.batch([{ prompt: "hello" }]);
    expect(result).toMatchObject({ ok: true, value: { model: "claude-haiku-4-5", finishReason: "stop" } });
    expect(result?.retries[0]).toMatchObject({ code: "network" });
    expect(result?.attempts).toBeGreaterThan(1);
    let text = "";
    for await (const part of llm.stream("hello")) text += part.text;
    expect(text).toContain("hello");
  });

  it("goes on to the next deployment after one attempt, and then to the one that works at once", async () => {
    const { origin } = await simulated();
    const options: LLMOptions = {
      model: "m",
      providers: { a: nowhere, b: { baseURL: `${origin}/v1` } },
      deployments: { m: ["a/gpt-5-mini", "b/gpt-5-mini"] },
    };
    await using llm = createLLM(options);
    const where: (string | undefined)[] = [];
    llm.on("attempt-start", ({ deployment }) => void where.push(deployment));
    for (let call = 0; call < 6; call++) await llm.chat("hello");
    expect(where.slice(0, 2)).toEqual(["a", "b"]);
    expect(where.slice(-3)).toEqual(["b", "b", "b"]);
  });
});
