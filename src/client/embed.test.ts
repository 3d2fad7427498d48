import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import type { Handler } from "../call/handler.ts";
import { createLLM } from "./create-llm.ts";

const asked: unknown[] = [];

/** Each text becomes a vector of its length. */
const lengths: Handler = ({ body, operation }) => {
  asked.push([operation, body]);
  const input = [body["input"]].flat() as string[];
  if (input.includes("bad")) return Promise.reject(new CallError("invalid_request", "bad input"));
  const data = input.map((text, index) => ({ object: "embedding", index, embedding: [text.length] })).toReversed();
  return Promise.resolve({
    status: 200,
    body: { object: "list", model: "e", data },
    usage: { inputTokens: input.length, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 },
    deployment: "test",
  });
};

describe("embed", () => {
  const llm = createLLM({ model: "openai/e", handler: lengths });

  it("gives vectors in the order of their inputs, over as many calls as that takes", async () => {
    asked.length = 0;
    const texts = Array.from({ length: 10 }, (_, index) => "x".repeat(index));
    const { vectors, usage, model } = await llm.embed(texts, { maxInputsPerCall: 4 });
    expect(vectors).toEqual(texts.map((text) => [text.length]));
    expect(usage?.inputTokens).toBe(10);
    expect(model).toBe("e");
    expect(asked).toHaveLength(3);
  });

  it("sends one text and its settings as they are", async () => {
    asked.length = 0;
    await llm.embed("river", { dimensions: 8, encoding: "base64", params: { user: "u" } });
    expect(asked).toEqual([
      ["embeddings", { input: "river", dimensions: 8, encoding_format: "base64", user: "u", model: "e" }],
    ]);
  });

  it("takes a list of tokens for one input", async () => {
    asked.length = 0;
    await llm.embed([1, 2, 3], { maxInputsPerCall: 1 }).catch(() => undefined);
    expect(asked).toHaveLength(1);
  });

  it("fails with the failure of the first part that fails", async () => {
    await expect(llm.embed(["a", "bad", "c"], { maxInputsPerCall: 1 })).rejects.toMatchObject({
      code: "invalid_request",
    });
    await expect(llm.embed(["a"], { maxInputsPerCall: 0 })).rejects.toThrow(/"maxInputsPerCall"/);
  });

  it("of very many parts warns of nothing", async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error): void => void warnings.push(warning);
    process.on("warning", listen);
    const texts = Array.from({ length: 100 }, () => "x");
    expect((await llm.embed(texts, { maxInputsPerCall: 1 })).vectors).toHaveLength(100);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", listen);
    expect(warnings).toEqual([]);
  });
});
