import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../call/json.ts";
import { parts, wholeAnswer, wholeStream } from "../../../test/fixtures/gemini-stream.ts";
import { createGenerateCollector } from "./generate-stream.ts";

const collect = (...chunks: readonly JsonObject[]) => {
  const collector = createGenerateCollector();
  const added = chunks.map((chunk) => collector.add(chunk));
  return { collector, added, body: collector.body() };
};

const partsOf = (body: JsonObject): unknown => JSON.parse(JSON.stringify(body)).candidates[0].content.parts;

describe("a collected answer", () => {
  it("is the one that would have come without streaming", () => {
    const { body, added, collector } = collect(...wholeStream);
    expect(body).toEqual(wholeAnswer);
    expect(added.map(({ text }) => text)).toEqual(["", "", "Hello ", "日本", "", ""]);
    expect(added.map(({ content }) => content)).toEqual([true, true, true, true, true, false]);
    expect(added.map(({ body: event }) => event)).toEqual(wholeStream);
    expect(collector.reportedOutputTokens).toBe(12);
    expect(collector.length).toBeGreaterThan(20);
  });

  it("does not change the chunks that it was given", () => {
    const given = JSON.stringify(wholeStream);
    collect(...wholeStream);
    expect(JSON.stringify(wholeStream)).toBe(given);
  });

  it("leaves parts with a signature as they are", () => {
    const list = [
      { text: "a" },
      { text: "b", thoughtSignature: "s" },
      { text: "c" },
      { text: "", thoughtSignature: "t" },
      { functionCall: { name: "f", args: {} } },
      { functionCall: { name: "g", args: {} } },
      { inlineData: { mimeType: "image/png", data: "x" } },
    ];
    expect(partsOf(collect(...list.map((part) => parts([part]))).body)).toEqual(list);
  });

  it("keeps candidates apart and puts them in order", () => {
    const { body, added, collector } = collect(
      { candidates: [{ content: { parts: [{ text: "b" }] }, index: 1 }] },
      parts([{ text: "a" }], { finishReason: "STOP" }),
    );
    expect(body["candidates"]).toMatchObject([{ index: 0 }, { index: 1 }]);
    expect(added.map(({ text }) => text)).toEqual(["", "a"]);
    expect(collector.complete).toBe(false);
    collector.add({ candidates: [{ finishReason: "MAX_TOKENS", index: 1 }] });
    expect(collector.complete).toBe(true);
  });

  it("continues citations and log probabilities; of all else the last word counts", () => {
    const { body } = collect(
      parts([{ text: "a" }], {
        citationMetadata: { citationSources: [{ uri: "1" }] },
        groundingMetadata: { webSearchQueries: ["q"], x: 1 },
        avgLogprobs: -1,
      }),
      parts([{ text: "b" }], {
        citationMetadata: { citationSources: [{ uri: "2" }] },
        groundingMetadata: { webSearchQueries: ["q", "r"] },
        avgLogprobs: -2,
        finishReason: "STOP",
      }),
    );
    expect(body["candidates"]).toMatchObject([
      {
        citationMetadata: { citationSources: [{ uri: "1" }, { uri: "2" }] },
        groundingMetadata: { webSearchQueries: ["q", "r"], x: 1 },
        avgLogprobs: -2,
      },
    ]);
  });

  it("survives chunks that are no answers", () => {
    const { body, added, collector } = collect({}, { candidates: null }, { candidates: [null, 3, {}] });
    expect(body).toEqual({ candidates: [{}] });
    expect(added.some(({ content }) => content)).toBe(false);
    expect(collector.complete).toBe(false);
  });
});

describe("an answer's end", () => {
  it("is a finish reason of every candidate; the usage may follow", () => {
    const { collector } = collect(...wholeStream.slice(0, -1));
    expect(collector.complete).toBe(false);
    collector.add(parts([], { finishReason: "STOP" }));
    expect(collector.complete).toBe(true);
    expect(collector.finished).toBe(false);
    collector.add({ usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 20 } });
    expect(collector.complete).toBe(true);
    expect(collector.reportedOutputTokens).toBe(24);
  });

  it("is why a prompt gets no candidates", () => {
    const { collector, body } = collect({ promptFeedback: { blockReason: "SAFETY" }, modelVersion: "m" });
    expect(collector.complete).toBe(true);
    expect(body).toEqual({ promptFeedback: { blockReason: "SAFETY" }, modelVersion: "m" });
  });

  it("does not come from an empty stream, nor from words", () => {
    const { collector } = collect();
    expect(collector.complete).toBe(false);
    expect(collector.addText("[DONE]")).toBe(false);
  });
});
