import Anthropic from "@anthropic-ai/sdk";
import { FunctionCallingConfigMode, GoogleGenAI } from "@google/genai";
import OpenAI, { AzureOpenAI } from "openai";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  type LedgerEntry,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../../src/simulator/simulator.ts";

const apiKey = "sk-conformance-0123456789abcdef";

const start = async (options: SimulatorOptions = {}): Promise<Simulator> => {
  const simulator = await startSimulator({ apiKey, ...options });
  onTestFinished(() => simulator.close());
  return simulator;
};

/** Each call arrived once, and was answered to the end. */
const expectOneOf = (simulator: Simulator, ...operations: readonly LedgerEntry["operation"][]): void => {
  const { received, completed, entries, unknownPaths } = simulator.ledger();
  expect([received, completed, unknownPaths]).toEqual([operations.length, operations.length, 0]);
  expect(entries.map(({ operation, status }) => [operation, status])).toEqual(operations.map((name) => [name, 200]));
};

const parameters = {
  type: "object",
  properties: { river: { type: "string" }, locks: { type: "integer", minimum: 3, maximum: 5 } },
  required: ["river", "locks"],
  additionalProperties: false,
} as const;

const expectedArguments = { river: expect.any(String), locks: expect.closeTo(4, -1) };

const messages = [{ role: "user" as const, content: "Name a river" }];
const echo = /^Echo: Name a river/;

describe("the SDK of OpenAI", () => {
  const client = ({ url: baseURL }: Simulator) => new OpenAI({ apiKey, baseURL, maxRetries: 0 });

  it("chats, whole and streamed", async () => {
    const simulator = await start();
    const openai = client(simulator);
    const whole = await openai.chat.completions.create({ model: "m", messages });
    const stream = openai.chat.completions.stream({ model: "m", messages, stream_options: { include_usage: true } });
    const final = await stream.finalChatCompletion();
    expect(whole.choices[0]?.message.content).toMatch(echo);
    expect(final.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
    expect(final.usage).toEqual(whole.usage);
    expectOneOf(simulator, "chat", "chat");
  });

  it("asks for responses, whole and streamed", async () => {
    const simulator = await start();
    const openai = client(simulator);
    const whole = await openai.responses.create({ model: "m", input: "Name a river" });
    const streamed = await openai.responses.stream({ model: "m", input: "Name a river" }).finalResponse();
    expect(whole.output_text).toMatch(echo);
    expect(streamed).toMatchObject({ status: "completed", output_text: whole.output_text, usage: whole.usage });
    expectOneOf(simulator, "responses", "responses");
  });

  it("gets embeddings, which it asks for in base64", async () => {
    const simulator = await start();
    const openai = client(simulator);
    const input = ["a river", "a lock"];
    const encoded = await openai.embeddings.create({ model: "m", input, dimensions: 5 });
    const plain = await openai.embeddings.create({ model: "m", input, dimensions: 5, encoding_format: "float" });
    expect(encoded.data.map(({ embedding }) => embedding)).toEqual(plain.data.map(({ embedding }) => embedding));
    expect(encoded.data.map(({ embedding }) => Math.hypot(...embedding))).toEqual([
      expect.closeTo(1),
      expect.closeTo(1),
    ]);
    expectOneOf(simulator, "embeddings", "embeddings");
  });

  it("is made to call a tool, and gets the JSON that it asked for", async () => {
    const simulator = await start();
    const openai = client(simulator);
    const forced = {
      tools: [{ type: "function" as const, function: { name: "count_locks", parameters } }],
      tool_choice: "required" as const,
    };
    const stream = openai.chat.completions.stream({ model: "m", messages, ...forced });
    const [call] = (await stream.finalChatCompletion()).choices[0]?.message.tool_calls ?? [];
    expect(call).toMatchObject({ type: "function", function: { name: "count_locks" } });
    expect(call?.type === "function" && JSON.parse(call.function.arguments)).toEqual(expectedArguments);
    const format = { type: "json_schema" as const, name: "river", schema: parameters };
    const answer = await openai.responses.create({ model: "m", input: "Name a river", text: { format } });
    expect(JSON.parse(answer.output_text)).toEqual(expectedArguments);
    expectOneOf(simulator, "chat", "responses");
  });

  it("finds Azure's addresses", async () => {
    const simulator = await start();
    const azure = new AzureOpenAI({ apiKey, endpoint: simulator.origin, apiVersion: "2024-10-21", maxRetries: 0 });
    const { choices } = await azure.chat.completions.create({ model: "my-deployment", messages });
    expect(choices[0]?.message.content).toMatch(echo);
    await azure.embeddings.create({ model: "my-deployment", input: "a river" });
    expectOneOf(simulator, "chat", "embeddings");
    expect(simulator.ledger().entries[0]?.model).toBe("my-deployment");
  });

  it("knows the errors", async () => {
    const simulator = await start({ requestsPerMinute: 1 });
    const openai = client(simulator);
    await openai.responses.create({ model: "m", input: "Name a river" });
    await expect(openai.embeddings.create({ model: "m", input: "a" })).rejects.toThrow(OpenAI.RateLimitError);
    const broken = await start({ faults: { "error-200": 1 } });
    const stream = client(broken).responses.stream({ model: "m", input: "Name a river" });
    await expect(stream.finalResponse()).rejects.toThrow("The server had an error");
  });
});

describe("the SDK of Anthropic", () => {
  const client = ({ origin: baseURL }: Simulator) => new Anthropic({ apiKey, baseURL, maxRetries: 0 });
  const asked = { model: "m", max_tokens: 100, messages };

  it("gets messages, whole and streamed, and counts tokens", async () => {
    const simulator = await start();
    const anthropic = client(simulator);
    const whole = await anthropic.messages.create(asked);
    const streamed = await anthropic.messages.stream(asked).finalMessage();
    expect(whole.content).toEqual([{ type: "text", text: expect.stringMatching(echo) }]);
    expect(streamed).toMatchObject({ stop_reason: "end_turn", usage: whole.usage });
    expect(streamed.content).toMatchObject([
      { type: "text", text: whole.content[0]?.type === "text" && whole.content[0].text },
    ]);
    const counted = await anthropic.messages.countTokens({ model: "m", messages });
    expect(counted.input_tokens).toBe(whole.usage.input_tokens);
    expectOneOf(simulator, "messages", "messages");
  });

  it("is made to call a tool, and gets the JSON that it asked for", async () => {
    const simulator = await start();
    const anthropic = client(simulator);
    const tools = [{ name: "count_locks", input_schema: { ...parameters, required: [...parameters.required] } }];
    const tool_choice = { type: "tool" as const, name: "count_locks" };
    const streamed = await anthropic.messages.stream({ ...asked, tools, tool_choice }).finalMessage();
    expect(streamed.content).toMatchObject([{ type: "tool_use", name: "count_locks", input: expectedArguments }]);
    expect(streamed.stop_reason).toBe("tool_use");
    const format = { type: "json_schema" as const, schema: parameters };
    const [block] = (await anthropic.messages.create({ ...asked, output_config: { format } })).content;
    expect(block?.type === "text" && JSON.parse(block.text)).toEqual(expectedArguments);
    expectOneOf(simulator, "messages", "messages");
  });

  it("knows the errors", async () => {
    const throttling = client(await start({ faults: { "429": 1 } }));
    await expect(throttling.messages.create(asked)).rejects.toThrow(Anthropic.RateLimitError);
    const overloaded = client(await start({ faults: { "503": 1 } }));
    await expect(overloaded.messages.create(asked)).rejects.toMatchObject({ status: 529, requestID: "req_1_1" });
    const broken = client(await start({ faults: { "error-200": 1 } }));
    await expect(broken.messages.stream(asked).finalMessage()).rejects.toThrow("Internal server error");
  });
});

describe("the SDK of Google", () => {
  const client = ({ origin: baseUrl }: Simulator) => new GoogleGenAI({ apiKey, httpOptions: { baseUrl } });
  const asked = { model: "m", contents: "Name a river" };

  it("generates content, whole and streamed, and counts tokens", async () => {
    const simulator = await start();
    const google = client(simulator);
    const whole = await google.models.generateContent(asked);
    expect(whole.text).toMatch(echo);
    let text = "";
    let last;
    for await (const chunk of await google.models.generateContentStream(asked)) {
      text += chunk.text ?? "";
      last = chunk;
    }
    expect(text).toBe(whole.text);
    expect(last).toMatchObject({ candidates: [{ finishReason: "STOP" }], usageMetadata: whole.usageMetadata });
    const counted = await google.models.countTokens(asked);
    expect(counted.totalTokens).toBe(whole.usageMetadata?.promptTokenCount);
    expectOneOf(simulator, "generate", "generate");
  });

  it("is made to call a tool, and gets the JSON that it asked for", async () => {
    const simulator = await start();
    const google = client(simulator);
    const config = {
      tools: [{ functionDeclarations: [{ name: "count_locks", parametersJsonSchema: parameters }] }],
      toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } },
    };
    const whole = await google.models.generateContent({ ...asked, config });
    expect(whole.functionCalls).toEqual([{ name: "count_locks", args: expectedArguments }]);
    const calls = [];
    for await (const chunk of await google.models.generateContentStream({ ...asked, config })) {
      calls.push(...(chunk.functionCalls ?? []));
    }
    expect(calls).toEqual(whole.functionCalls);
    const json = { responseMimeType: "application/json", responseJsonSchema: parameters };
    const answer = await google.models.generateContent({ ...asked, config: json });
    expect(JSON.parse(answer.text ?? "")).toEqual(expectedArguments);
    expectOneOf(simulator, "generate", "generate", "generate");
  });

  it("knows the errors", async () => {
    const throttling = client(await start({ faults: { "429": 1 } }));
    await expect(throttling.models.generateContent(asked)).rejects.toMatchObject({ status: 429 });
    const broken = client(await start({ faults: { "error-200": 1 } }));
    const streaming = async (): Promise<void> => {
      for await (const _chunk of await broken.models.generateContentStream(asked)) continue;
    };
    await expect(streaming()).rejects.toThrow();
  });
});

describe("streams in other clothes", () => {
  it("mean the same to the SDKs, byte by byte, with other line ends and a byte order mark", async () => {
    for (const options of [{ framing: "crlf" }, { bom: true }, { splitBytes: true }] as const) {
      const simulator = await start(options);
      const openai = new OpenAI({ apiKey, baseURL: simulator.url, maxRetries: 0 });
      const stream = openai.chat.completions.stream({ model: "m", messages });
      expect((await stream.finalChatCompletion()).choices[0]?.message.content).toMatch(echo);
      const anthropic = new Anthropic({ apiKey, baseURL: simulator.origin, maxRetries: 0 });
      const message = await anthropic.messages.stream({ model: "m", max_tokens: 100, messages }).finalMessage();
      expect(message.content).toMatchObject([{ text: expect.stringMatching(echo) }]);
    }
  });
});
