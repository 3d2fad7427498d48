import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { LLMock } from "@copilotkit/aimock";
import { generateText, type LanguageModel, streamText } from "ai";
import OpenAI, { AzureOpenAI } from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createLLM } from "../../src/client/create-llm.ts";
import type { LLM } from "../../src/client/llm.ts";

/** A server that none of us has written. */
const server = new LLMock({ port: 0 });
const answer = "Rhine, Danube and Elbe 河流 🌊";
const question = "Name three rivers";
const apiKey = "sk-conformance-0123456789abcdef";
let llm: LLM;

beforeAll(async () => {
  server.onMessage("rivers", { content: answer });
  server.onEmbedding("river", { embedding: [0.25, -0.5, 1] });
  await server.start();
});

beforeEach(() => {
  llm = createLLM({ limits: { maxConcurrent: 4 } });
  return () => llm.close();
});

afterAll(() => server.stop());

/** One way to ask through some SDK: the text of a whole answer, and of a streamed one. */
interface Door {
  whole(): Promise<string>;
  streamed(): Promise<string>;
}

const joined = async <T>(stream: AsyncIterable<T>, textOf: (part: T) => string): Promise<string> => {
  let text = "";
  for await (const part of stream) text += textOf(part);
  return text;
};

const vercel = (model: LanguageModel): Door => ({
  whole: async () => (await generateText({ model, prompt: question })).text,
  streamed: () => joined(streamText({ model, prompt: question }).textStream, (text) => text),
});

const doors: Readonly<Record<string, () => Door>> = {
  "openai chat": () => {
    const client = new OpenAI({ apiKey, baseURL: `${server.url}/v1`, ...llm.clientOptions("openai") });
    const asked = { model: "gpt-4o", messages: [{ role: "user", content: question } as const] };
    return {
      whole: async () => (await client.chat.completions.create(asked)).choices[0]?.message.content ?? "",
      streamed: async () =>
        joined(await client.chat.completions.create({ ...asked, stream: true }), ({ choices }) => {
          return choices[0]?.delta.content ?? "";
        }),
    };
  },
  "openai responses": () => {
    const client = new OpenAI({ apiKey, baseURL: `${server.url}/v1`, ...llm.clientOptions("openai") });
    const asked = { model: "gpt-4o", input: question };
    return {
      whole: async () => (await client.responses.create(asked)).output_text,
      streamed: async () => (await client.responses.stream(asked).finalResponse()).output_text,
    };
  },
  "azure openai": () => {
    const options = { apiKey, endpoint: server.url, apiVersion: "2024-10-21", ...llm.clientOptions("openai") };
    const client = new AzureOpenAI(options);
    const asked = { model: "gpt-4o", messages: [{ role: "user", content: question } as const] };
    return {
      whole: async () => (await client.chat.completions.create(asked)).choices[0]?.message.content ?? "",
      streamed: async () =>
        joined(await client.chat.completions.create({ ...asked, stream: true }), ({ choices }) => {
          return choices[0]?.delta.content ?? "";
        }),
    };
  },
  anthropic: () => {
    const client = new Anthropic({ apiKey, baseURL: server.url, ...llm.clientOptions("anthropic") });
    const asked = {
      model: "claude-sonnet-5-5",
      max_tokens: 100,
      messages: [{ role: "user", content: question } as const],
    };
    return {
      whole: async () => textOf((await client.messages.create(asked)).content),
      streamed: async () => textOf((await client.messages.stream(asked).finalMessage()).content),
    };
  },
  "google genai": () => {
    const { fetch } = llm.clientOptions("google").httpOptions;
    const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: server.url, fetch } });
    const asked = { model: "gemini-2.5-flash", contents: question };
    return {
      whole: async () => (await client.models.generateContent(asked)).text ?? "",
      streamed: async () => joined(await client.models.generateContentStream(asked), ({ text }) => text ?? ""),
    };
  },
  "ai: openai responses": () =>
    vercel(createOpenAI({ apiKey, baseURL: `${server.url}/v1`, ...llm.clientOptions("ai") })("gpt-4o")),
  "ai: anthropic": () =>
    vercel(createAnthropic({ apiKey, baseURL: `${server.url}/v1`, ...llm.clientOptions("ai") })("claude-sonnet-5-5")),
  "ai: google": () =>
    vercel(
      createGoogleGenerativeAI({ apiKey, baseURL: `${server.url}/v1beta`, ...llm.clientOptions("ai") })(
        "gemini-2.5-flash",
      ),
    ),
};

const textOf = (content: readonly { readonly type: string }[]): string =>
  content.map((block) => ("text" in block && typeof block.text === "string" ? block.text : "")).join("");

describe.each(Object.entries(doors))("%s through llm.fetch", (_, open) => {
  it("gets the same answer, whole and streamed, as one call each", async () => {
    const door = open();
    expect(await door.whole()).toBe(answer);
    expect(await door.streamed()).toBe(answer);
    expect(llm.stats()).toMatchObject({ succeeded: 2, attempts: 2, failed: 0 });
  });

  it("makes 100 calls at once under the limit of calls at once", async () => {
    const door = open();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, llm.stats().inFlight)), 1);
    const answers = await Promise.all(Array.from({ length: 100 }, () => door.whole()));
    clearInterval(watch);
    expect(new Set(answers)).toEqual(new Set([answer]));
    expect(most).toBeLessThanOrEqual(4);
    expect(llm.stats().attempts).toBe(100);
  });
});

describe("embeddings through llm.fetch", () => {
  it("come as they are", async () => {
    const client = new OpenAI({ apiKey, baseURL: `${server.url}/v1`, ...llm.clientOptions("openai") });
    const asked = { model: "text-embedding-3-small", input: "river", encoding_format: "float" } as const;
    const { data } = await client.embeddings.create(asked);
    expect(data[0]?.embedding).toEqual([0.25, -0.5, 1]);
  });
});
