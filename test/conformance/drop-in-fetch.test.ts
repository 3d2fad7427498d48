import { createOpenAI } from "@ai-sdk/openai";
import Anthropic from "@anthropic-ai/sdk";
import { ChatOpenAI } from "@langchain/openai";
import { generateText, streamText } from "ai";
import OpenAI from "openai";
import { describe, expect, it, onTestFinished } from "vitest";
import { createLLM } from "../../src/client/create-llm.ts";
import type { LLMOptions } from "../../src/client/llm-options.ts";
import type { LLM } from "../../src/client/llm.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../src/simulator/simulator.ts";

/** What asks a model one question and gives the text of its answer. */
type Ask = (question: string) => Promise<string>;

/** Asks through some SDK, with nothing changed but its address and its fetch. */
type SDK = (llm: LLM, simulator: Simulator) => { readonly whole: Ask; readonly streamed: Ask };

const openai: SDK = (llm, { url: baseURL }) => {
  const client = new OpenAI({ apiKey, baseURL, fetch: llm.fetch });
  const asked = (content: string) => ({ model: "m", messages: [{ role: "user", content } as const] });
  return {
    whole: async (question) => {
      const { choices } = await client.chat.completions.create(asked(question));
      return choices[0]?.message.content ?? "";
    },
    streamed: async (question) => {
      let text = "";
      const stream = await client.chat.completions.create({ ...asked(question), stream: true });
      for await (const { choices } of stream) text += choices[0]?.delta.content ?? "";
      return text;
    },
  };
};

const ai: SDK = (llm, { url: baseURL }) => {
  const model = createOpenAI({ apiKey, baseURL, fetch: llm.fetch }).chat("m");
  return {
    whole: async (prompt) => (await generateText({ model, prompt })).text,
    streamed: async (prompt) => {
      let text = "";
      for await (const piece of streamText({ model, prompt }).textStream) text += piece;
      return text;
    },
  };
};

const anthropic: SDK = (llm, { origin }) => {
  const client = new Anthropic({ apiKey, baseURL: origin, fetch: llm.fetch });
  const asked = (content: string) => ({
    model: "m",
    max_tokens: 100,
    messages: [{ role: "user", content } as const],
  });
  const textOf = (content: readonly Anthropic.ContentBlock[]): string =>
    content.map((block) => (block.type === "text" ? block.text : "")).join("");
  return {
    whole: async (question) => textOf((await client.messages.create(asked(question))).content),
    streamed: async (question) => textOf((await client.messages.stream(asked(question)).finalMessage()).content),
  };
};

const langchain: SDK = (llm, { url: baseURL }) => {
  const model = new ChatOpenAI({ apiKey, model: "m", configuration: { baseURL, fetch: llm.fetch } });
  return {
    whole: async (question) => (await model.invoke(question)).text,
    streamed: async (question) => {
      let text = "";
      for await (const part of await model.stream(question)) text += part.text;
      return text;
    },
  };
};

const apiKey = "sk-conformance-0123456789abcdef";

const world = async (
  server: SimulatorOptions,
  options: LLMOptions = {},
): Promise<{ readonly simulator: Simulator; readonly llm: LLM }> => {
  const simulator = await startSimulator(server);
  const llm = createLLM(options);
  onTestFinished(async () => {
    await llm.close();
    await simulator.close();
  });
  return { simulator, llm };
};

const inParallel = async (ask: Ask, calls: number): Promise<readonly string[]> =>
  Promise.all(Array.from({ length: calls }, (_, index) => ask(`question ${index}`)));

describe.each([
  ["openai", openai],
  ["@anthropic-ai/sdk", anthropic],
  ["the Vercel AI SDK", ai],
  ["LangChain", langchain],
] as const)("%s, unchanged but for its fetch", (_, sdk) => {
  it("makes 1,000 calls at a server that refuses what is too much: none fails, and none is tried again by the SDK", async () => {
    const { simulator, llm } = await world({
      requestsPerMinute: 12_000,
      burstMs: 500,
      maxConcurrent: 24,
      firstTokenMs: 2,
    });
    const answers = await inParallel(sdk(llm, simulator).whole, 1000);
    expect(answers.filter((answer, index) => !answer.startsWith(`Echo: question ${index}`))).toEqual([]);
    const { received, completed, refused, entries } = simulator.ledger();
    expect(completed).toBe(1000);
    expect(received).toBe(1000 + refused);
    expect(entries.filter(({ retryCount = 0 }) => retryCount > 0)).toEqual([]);
    expect(llm.stats()).toMatchObject({ succeeded: 1000, failed: 0, attempts: received });
  });

  it("streams 200 answers under the limit of calls at once, which each holds to its last byte", async () => {
    const { simulator, llm } = await world(
      { maxConcurrent: 8, firstTokenMs: 2, tokenMs: 1 },
      { limits: { maxConcurrent: 8 } },
    );
    const answers = await inParallel(sdk(llm, simulator).streamed, 200);
    expect(answers.every((answer, index) => answer.startsWith(`Echo: question ${index}`))).toBe(true);
    expect(simulator.ledger()).toMatchObject({ completed: 200, refused: 0, peakInFlight: 8 });
  });

  it("gets an error that it does not try again when all our retries have failed", async () => {
    const { simulator, llm } = await world({ faults: { "500": 1 } }, { retry: 1, breaker: false });
    await expect(sdk(llm, simulator).whole("x")).rejects.toThrow();
    expect(simulator.ledger().received).toBe(2);
  });
});

describe("an SDK", () => {
  it("is told of its own timeout, which counts our queue, and of the options that leave it to us", async () => {
    const { simulator, llm } = await world({ firstTokenMs: 3000 }, { limits: { maxConcurrent: 1 } });
    const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
    const client = new OpenAI({ apiKey, baseURL: simulator.url, fetch: llm.fetch, timeout: 350, maxRetries: 0 });
    const ask = (content: string) =>
      client.chat.completions.create({ model: "m", messages: [{ role: "user", content }] });
    const results = await Promise.allSettled([ask("a"), ask("b"), ask("c")]);
    expect(results.map(({ status }) => status)).toContain("rejected");
    expect((await warned).message).toContain("clientOptions");
    const patient = new OpenAI({ apiKey, baseURL: simulator.url, ...llm.clientOptions("openai") });
    expect(patient.timeout).toBeGreaterThan(1e9);
    expect(patient.maxRetries).toBe(0);
  });

  it("gives the slot back when its reader leaves a stream, and aborts the request", async () => {
    const { simulator, llm } = await world({ tokenMs: 20, outputTokens: 500 }, { limits: { maxConcurrent: 1 } });
    const client = new OpenAI({ apiKey, baseURL: simulator.url, ...llm.clientOptions("openai") });
    const asked = { model: "m", messages: [{ role: "user", content: "x" } as const] };
    for await (const _ of await client.chat.completions.create({ ...asked, stream: true })) break;
    await client.chat.completions.create({ ...asked, max_tokens: 1 });
    expect(simulator.ledger()).toMatchObject({ abandoned: 1, completed: 1, peakInFlight: 1 });
  });

  it("reaches what no limit counts as if we were not there", async () => {
    const { simulator, llm } = await world({});
    const client = new OpenAI({ apiKey, baseURL: simulator.url, ...llm.clientOptions("openai") });
    expect((await client.models.list()).data.length).toBeGreaterThan(0);
    expect(llm.stats().attempts).toBe(0);
  });

  it("keeps its key to itself: it stands in no statistics, event or error", async () => {
    const said: string[] = [];
    const { simulator, llm } = await world(
      { apiKey: "sk-the-only-key-that-is-right" },
      { onEvent: (event) => void said.push(JSON.stringify(event)) },
    );
    const client = new OpenAI({ apiKey, baseURL: simulator.url, ...llm.clientOptions("openai") });
    const failing = client.chat.completions.create({ model: "m", messages: [{ role: "user", content: "x" }] });
    const error = await failing.catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ status: 401 });
    expect(`${said.join()} ${JSON.stringify(llm.stats())} ${(error as Error).message}`).not.toContain(apiKey);
  });
});
