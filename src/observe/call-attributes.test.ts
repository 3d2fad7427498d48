import { describe, expect, it } from "vitest";
import { oneCall } from "../../test/fixtures/one-call.ts";
import { providerName, replyAttributes, requestAttributes } from "./call-attributes.ts";

const secret = "a secret";

describe("the attributes of a call", () => {
  it.each([
    [
      "a chat completion",
      {
        messages: [{ role: "user", content: secret }],
        stop: [secret],
        tools: [{ type: "function", function: { name: secret } }],
        max_completion_tokens: 9,
        temperature: 0,
        top_p: 0.9,
        seed: 7,
        n: 3,
        presence_penalty: 0.1,
        frequency_penalty: 0.2,
        reasoning_effort: "low",
        stream: true,
      },
      {
        "gen_ai.request.max_tokens": 9,
        "gen_ai.request.temperature": 0,
        "gen_ai.request.top_p": 0.9,
        "gen_ai.request.seed": 7,
        "gen_ai.request.choice.count": 3,
        "gen_ai.request.presence_penalty": 0.1,
        "gen_ai.request.frequency_penalty": 0.2,
        "gen_ai.request.reasoning.level": "low",
        "gen_ai.request.stream": true,
      },
    ],
    [
      "an Anthropic message",
      { system: secret, messages: [], stop_sequences: [secret], max_tokens: 100, top_k: 5, stream: false },
      { "gen_ai.request.max_tokens": 100, "gen_ai.request.top_k": 5 },
    ],
    [
      "a response of OpenAI",
      { input: secret, instructions: secret, max_output_tokens: 50, reasoning: { effort: "high" }, n: 1 },
      { "gen_ai.request.max_tokens": 50, "gen_ai.request.reasoning.level": "high" },
    ],
    [
      "a request of Gemini",
      {
        contents: [{ parts: [{ text: secret }] }],
        generationConfig: {
          maxOutputTokens: 20,
          temperature: 1,
          topP: 0.5,
          topK: 40,
          candidateCount: 2,
          stopSequences: [secret],
        },
      },
      {
        "gen_ai.request.max_tokens": 20,
        "gen_ai.request.temperature": 1,
        "gen_ai.request.top_p": 0.5,
        "gen_ai.request.top_k": 40,
        "gen_ai.request.choice.count": 2,
      },
    ],
    ["embeddings", { input: [secret] }, {}],
  ])("are read from %s, and nothing of what it says", (_, body, attributes) => {
    expect(requestAttributes({ ...oneCall, body })).toEqual(attributes);
  });

  it("tell what was used, and nothing where the provider said nothing", () => {
    const body = { id: "i", choices: [{ finish_reason: "stop", message: { content: secret } }] };
    const reply = { status: 200, deployment: "here", body };
    const usage = { inputTokens: 9, outputTokens: 4, cachedTokens: 0, cacheWriteTokens: 3, reasoningTokens: 2 };
    const told = { "gen_ai.response.id": "i", "gen_ai.response.finish_reasons": ["stop"] };
    expect(replyAttributes(reply)).toEqual(told);
    expect(replyAttributes({ ...reply, usage })).toEqual({
      ...told,
      "gen_ai.usage.input_tokens": 9,
      "gen_ai.usage.output_tokens": 4,
      "gen_ai.usage.cache_read.input_tokens": 0,
      "gen_ai.usage.cache_write.input_tokens": 3,
      "gen_ai.usage.reasoning.output_tokens": 2,
    });
  });

  it("name providers as the conventions do, by their dialect where the name is the user's own", () => {
    expect(["azure", "gemini", "xai", "moonshot", "mistral", "zhipu"].map((name) => providerName(name))).toEqual([
      "azure.ai.openai",
      "gcp.gemini",
      "x_ai",
      "moonshot_ai",
      "mistral_ai",
      "zhipu",
    ]);
    expect(providerName("our-eu", "azure")).toBe("azure.ai.openai");
    expect(providerName("our-vllm", "custom")).toBe("our-vllm");
  });
});
