import { LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Operation } from "../../src/call/call.ts";
import { createLLM } from "../../src/client/create-llm.ts";
import type { LLM } from "../../src/client/llm.ts";
import type { ProviderSettings } from "../../src/client/provider-settings.ts";

/** A server that none of us has written: it speaks every wire format in its authors' understanding of it. */
const server = new LLMock({ port: 0 });
const answer = "Rhine, Danube and Elbe 河流 🌊";

beforeAll(async () => {
  server.onMessage("rivers", { content: answer });
  server.onMessage("label", { content: '{"label":"pos"}' });
  server.onMessage("weather", { toolCalls: [{ name: "get_weather", arguments: '{"city":"Ulm"}' }] });
  server.onEmbedding("river", { embedding: [0.25, -0.5, 1] });
  await server.start();
});

afterAll(() => server.stop());

const settings = (): Readonly<Record<string, ProviderSettings>> => ({
  openai: { baseURL: `${server.url}/v1`, apiKey: "k" },
  anthropic: { baseURL: `${server.url}/v1`, apiKey: "k" },
  gemini: { baseURL: `${server.url}/v1beta`, apiKey: "k" },
  azure: { baseURL: `${server.url}/openai?api-version=2024-10-21`, apiKey: "k" },
});

const client = (model: string): LLM => createLLM({ model, providers: settings() });

const formats: readonly (readonly [name: string, model: string, more: { readonly operation?: Operation }])[] = [
  ["OpenAI chat", "openai/gpt-4o", {}],
  ["OpenAI responses", "openai/gpt-4o", { operation: "responses" }],
  ["Anthropic messages", "anthropic/claude-sonnet-5-5", {}],
  ["Gemini generateContent", "gemini/gemini-2.5-flash", {}],
  ["Azure, a path for each deployment", "azure/gpt-4o", {}],
];

describe.each(formats)("%s", (_, model, more) => {
  it("answers whole, with usage and a finish reason in one manner", async () => {
    await using llm = client(model);
    const reply = await llm.chat({ prompt: "Name three rivers", ...more });
    expect(reply).toMatchObject({ text: answer, finishReason: "stop", status: 200 });
    expect(reply.usage?.inputTokens).toBeGreaterThanOrEqual(0);
  });

  it("streams the same text, and ends as its protocol says", async () => {
    await using llm = client(model);
    let text = "";
    let parts = 0;
    for await (const part of llm.stream({ prompt: "Name three rivers", ...more })) {
      text += part.text;
      parts += 1;
    }
    expect(text).toBe(answer);
    expect(parts).toBeGreaterThan(1);
  });

  it("is collected from a stream as if it had come whole", async () => {
    await using llm = client(model);
    const reply = await llm.chat({ prompt: "Name three rivers", stream: true, ...more });
    expect(reply).toMatchObject({ text: answer, finishReason: "stop" });
  });

  it("answers with an object that fits a schema", async () => {
    await using llm = client(model);
    const schema = z.object({ label: z.enum(["pos", "neg"]) });
    expect((await llm.chat({ prompt: "Give a label", schema, ...more })).object).toEqual({ label: "pos" });
  });

  it("tells which tools are to be called, streamed or not", async () => {
    await using llm = client(model);
    for (const stream of [false, true]) {
      const { toolCalls, finishReason } = await llm.chat({ prompt: "How is the weather?", stream, ...more });
      expect(toolCalls?.map(({ name, arguments: given }) => [name, JSON.parse(given)])).toEqual([
        ["get_weather", { city: "Ulm" }],
      ]);
      expect(finishReason).toBe("tool_calls");
    }
  });

  it("makes 100 calls at once", async () => {
    await using llm = client(model);
    const results = await llm.batch(Array.from({ length: 100 }, () => ({ prompt: "Name three rivers", ...more })));
    expect(results.filter((result) => !(result.ok && result.value.text === answer))).toEqual([]);
  });
});

describe("embeddings", () => {
  it.each(["float", "base64"] as const)("come as %s", async (encoding) => {
    await using llm = client("openai/text-embedding-3-small");
    const { vectors } = await llm.embed(["river"], { encoding });
    expect(vectors).toEqual([[0.25, -0.5, 1]]);
  });
});
