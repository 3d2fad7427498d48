import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { embedMany, generateText, type LanguageModel, Output, streamText } from "ai";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { LedgerEntry, Simulator } from "../../src/simulator/simulator.ts";
import { simulated } from "../fixtures/simulated.ts";

const apiKey = "sk-conformance-0123456789abcdef";
const prompt = "Name a river";
const echo = /^Echo: Name a river/;

const operationsOf = (simulator: Simulator): readonly LedgerEntry["operation"][] =>
  simulator.ledger().entries.map(({ operation }) => operation);

describe.each([
  ["OpenAI chat", "chat", ({ url: baseURL }: Simulator) => createOpenAI({ apiKey, baseURL }).chat("m")],
  ["OpenAI responses", "responses", ({ url: baseURL }: Simulator) => createOpenAI({ apiKey, baseURL })("m")],
  ["Anthropic", "messages", ({ url: baseURL }: Simulator) => createAnthropic({ apiKey, baseURL })("m")],
  [
    "Google",
    "generate",
    ({ origin }: Simulator) => createGoogleGenerativeAI({ apiKey, baseURL: `${origin}/v1beta` })("m"),
  ],
] as const)("the Vercel AI SDK and its provider for %s", (_, operation, modelOf) => {
  it("generates and streams text, with its usage", async () => {
    const simulator = await simulated();
    const model: LanguageModel = modelOf(simulator);
    const whole = await generateText({ model, prompt });
    expect(whole.text).toMatch(echo);
    expect(whole.usage.outputTokens).toBeGreaterThan(0);
    let streamed = "";
    for await (const piece of streamText({ model, prompt }).textStream) streamed += piece;
    expect(streamed).toBe(whole.text);
    expect(operationsOf(simulator)).toEqual([operation, operation]);
  });

  it("generates an object by a schema", async () => {
    const simulator = await simulated();
    const schema = z.object({ river: z.string(), locks: z.number() });
    const { output } = await generateText({ model: modelOf(simulator), prompt, output: Output.object({ schema }) });
    expect(output).toEqual({ river: expect.any(String) as string, locks: expect.any(Number) as number });
  });
});

describe("the Vercel AI SDK", () => {
  it("embeds many values", async () => {
    const simulator = await simulated();
    const model = createOpenAI({ apiKey, baseURL: simulator.url }).embedding("e");
    const { embeddings } = await embedMany({ model, values: ["a", "b"] });
    expect(embeddings.map(({ length }) => length)).toEqual([64, 64]);
  });
});

describe("LangChain", () => {
  it("invokes, streams and calls tools", async () => {
    const simulator = await simulated();
    const model = new ChatOpenAI({ apiKey, model: "m", configuration: { baseURL: simulator.url } });
    const whole = (await model.invoke(prompt)).text;
    expect(whole).toMatch(echo);
    let streamed = "";
    for await (const part of await model.stream(prompt)) streamed += part.text;
    expect(streamed).toBe(whole);
    const tool = { name: "look", description: "Looks", schema: z.object({ where: z.string() }) };
    const { tool_calls: calls } = await model.bindTools([tool], { tool_choice: "look" }).invoke(prompt);
    expect(calls).toMatchObject([{ name: "look", args: { where: expect.any(String) as string } }]);
    expect(operationsOf(simulator)).toEqual(["chat", "chat", "chat"]);
  });

  it("embeds documents", async () => {
    const simulator = await simulated();
    const embeddings = new OpenAIEmbeddings({ apiKey, model: "e", configuration: { baseURL: simulator.url } });
    expect((await embeddings.embedDocuments(["a", "b"])).map(({ length }) => length)).toEqual([64, 64]);
  });
});
