import { describe, expect, it } from "vitest";
import { call, context, provider, serveProvider } from "../../../test/fixtures/provider-call.ts";
import { answering } from "../../../test/fixtures/whole-answer.ts";
import { embeddingVectors, encodeEmbeddings } from "./embedding-vectors.ts";
import { embeddingsFormat } from "./embeddings-format.ts";

const words = (text: string): number => text.split(" ").length;

const base64 = (...values: readonly number[]): string => {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (const [index, value] of values.entries()) view.setFloat32(4 * index, value, true);
  return Buffer.from(view.buffer).toString("base64");
};

const list = (...data: readonly object[]) => JSON.parse(JSON.stringify({ object: "list", data }));

describe("a request for embeddings", () => {
  it("says what is to be embedded, and how", () => {
    expect(encodeEmbeddings("a", "m")).toEqual({ model: "m", input: "a" });
    const settings = { dimensions: 256, encoding: "base64", params: { user: "u" } } as const;
    expect(encodeEmbeddings(["a", "b"], "m", settings)).toEqual({
      model: "m",
      input: ["a", "b"],
      dimensions: 256,
      encoding_format: "base64",
      user: "u",
    });
  });

  it.each([
    ["a b c", 3],
    [["a b", "c"], 3],
    [[5, 6, 7, 8], 4],
    [
      [
        [5, 6],
        [7, 8, 9],
      ],
      5,
    ],
  ])("counts %j as %i tokens, and no output", (input, tokens) => {
    expect(embeddingsFormat.inputTokens({ input }, words)).toBe(tokens);
    expect(embeddingsFormat.outputBound({ input })).toBe(0);
  });
});

describe("an answer with embeddings", () => {
  it("has neither text nor a reason for its end", async () => {
    const body = { ...list({ index: 0, embedding: [1, 2] }), usage: { prompt_tokens: 4, total_tokens: 4 } };
    const baseURL = await serveProvider(answering(200, body));
    const reply = await provider(baseURL)({ ...call({ input: "a" }), operation: "embeddings" }, context());
    expect(reply.usage).toEqual({ inputTokens: 4, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 });
    expect(embeddingVectors(reply.body)).toEqual([[1, 2]]);
    expect(embeddingsFormat.text(body)).toBe("");
    expect(embeddingsFormat.finishReason(body)).toBeUndefined();
  });

  it("is malformed without data", async () => {
    const baseURL = await serveProvider(answering(200, { object: "list" }));
    const answer = provider(baseURL)({ ...call({ input: "a" }), operation: "embeddings" }, context());
    await expect(answer).rejects.toMatchObject({ code: "malformed" });
  });

  it("gives its vectors in the order of the inputs, from numbers and from base64", () => {
    const body = list({ index: 1, embedding: base64(0.5, -1.25) }, { index: 0, embedding: [1, 2] });
    expect(embeddingVectors(body)).toEqual([
      [1, 2],
      [0.5, -1.25],
    ]);
    expect(embeddingVectors(list({ embedding: [1] }, { embedding: [2] }))).toEqual([[1], [2]]);
  });

  it.each([
    [
      "an index twice",
      [
        { index: 0, embedding: [1] },
        { index: 0, embedding: [2] },
      ],
    ],
    ["an index that is none of an input", [{ index: 1, embedding: [1] }]],
    ["no vector", [{ index: 0 }]],
    ["half a number", [{ index: 0, embedding: "AAA=" }]],
    ["something else than numbers", [{ index: 0, embedding: ["a"] }]],
  ])("is malformed with %s", (_, data) => {
    expect(() => embeddingVectors(list(...data))).toThrow(expect.objectContaining({ code: "malformed" }));
  });
});
