import { describe, expect, it } from "vitest";
import type { Handler } from "../call/handler.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { createLLM } from "./create-llm.ts";
import type { LLMOptions } from "./llm-options.ts";

const setUp = (options: Partial<LLMOptions>) => {
  const clock = new VirtualClock();
  const asked: unknown[][] = [];
  const handler: Handler = ({ deployment, model, body }, context) =>
    new Promise((resolve) => {
      asked.push([deployment ?? model.provider, body["model"]]);
      context.clock.schedule(context.clock.now() + 100, () => resolve({ status: 200, body: {}, deployment: "x" }));
    });
  const providers = { a: { baseURL: "http://a.test" }, b: { baseURL: "http://b.test" } };
  return { clock, asked, llm: createLLM({ clock, providers, handler, ...options }) };
};

describe("where calls go", () => {
  it("follows the name of a group in a whole body, as in the client's own model", async () => {
    const { asked, clock, llm } = setUp({ model: "fast", deployments: { fast: ["a/x", "b/y"] } });
    await clock.until(Promise.all([1, 2].map(() => llm.chat({ body: { model: "fast", messages: [] } }))));
    await clock.until(llm.chat({ body: { model: "z", messages: [] } }));
    expect(asked).toEqual([
      ["a", "x"],
      ["b", "y"],
      ["a", "z"],
    ]);
  });

  it("tells a group that bears the name of a model from the model", async () => {
    const { asked, clock, llm } = setUp({
      model: "a/m",
      deployments: { other: ["a/m", "b/m"], "a/m": ["b/m", "a/m"] },
    });
    await clock.until(llm.chat({ model: "other", prompt: "x" }));
    await clock.until(llm.chat("x"));
    expect(asked).toEqual([
      ["a", "m"],
      ["b", "m"],
    ]);
  });

  it("counts a limit that holds over all pools once in the client's figures", async () => {
    const limits = { maxConcurrent: 4, requestsPerMinute: 300 };
    const { clock, llm } = setUp({ model: "m", deployments: { m: ["a/m", "b/m"] }, limits });
    await clock.until(Promise.all([1, 2, 3].map((question) => llm.chat(String(question)))));
    const { limits: known, pools } = llm.stats();
    expect(pools.length).toBe(2);
    expect(known.map(({ name, value }) => [name, value])).toEqual([
      ["maxConcurrent", 4],
      ["requestsPerMinute", 300],
    ]);
  });
});
