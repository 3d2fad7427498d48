import { countTokens as countCl100k } from "gpt-tokenizer/encoding/cl100k_base";
import { countTokens as countO200k } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { sampleTexts } from "../../test/fixtures/sample-texts.ts";
import type { Call } from "../call/call.ts";
import { tokensOfAnswerStart, tokensPerMessage } from "../provider/tokens/content-tokens.ts";
import { createLLM } from "./create-llm.ts";

const prompt = sampleTexts["Chinese prose"] ?? "";
const around = tokensPerMessage + tokensOfAnswerStart;

describe("a client that counts tokens exactly", () => {
  it("reserves what the tokenizer of each model counts", async () => {
    const calls: Call[] = [];
    await using llm = createLLM({
      model: "openai/gpt-5-mini",
      tokenizer: "exact",
      handler: async (call) => {
        calls.push(call);
        return { status: 200, body: { choices: [] }, deployment: "test" };
      },
    });
    await llm.chat(prompt);
    await llm.chat({ model: "openai/gpt-4", prompt });
    await llm.chat({ body: { model: "gpt-4", messages: [{ role: "user", content: prompt }] } });
    expect(calls.map(({ demand }) => demand.inputTokens)).toEqual([
      countO200k(prompt) + around,
      countCl100k(prompt) + around,
      countCl100k(prompt) + around,
    ]);
  });

  it("is refused another word than exact or estimate", () => {
    expect(() => createLLM({ tokenizer: "exactly" as "exact" })).toThrow('"tokenizer" must be estimate or exact');
  });
});
