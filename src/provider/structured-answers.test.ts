import { describe, expect, it } from "vitest";
import type { ChatInput } from "../call/chat-input.ts";
import type { JsonObject } from "../call/json.ts";
import { knownVendor } from "./known-vendor.ts";
import { wireFormat } from "./wire-formats.ts";

const schema: JsonObject = {
  type: "object",
  properties: { n: { type: "number" } },
  required: ["n"],
  additionalProperties: false,
};
const asked: ChatInput = { system: "Be brief.", prompt: "How many?", answer: { name: "answer", schema } };

const encoded = (vendor: string, input: ChatInput = asked): JsonObject | undefined => {
  const known = knownVendor(vendor);
  return wireFormat(known.conversation ?? "chat").encode?.(input, "m", known);
};

describe("an answer with a schema", () => {
  it("is asked for in each format's own way", () => {
    const openai = { response_format: { type: "json_schema", json_schema: { name: "answer", schema, strict: true } } };
    expect(encoded("openai")).toMatchObject(openai);
    expect(encoded("anthropic")).toMatchObject({
      output_config: { format: { type: "json_schema", schema } },
      system: "Be brief.",
    });
    expect(encoded("gemini")).toMatchObject({
      generationConfig: { responseMimeType: "application/json", responseJsonSchema: schema },
    });
    expect(wireFormat("responses").encode?.(asked, "m", knownVendor("openai"))).toMatchObject({
      text: { format: { type: "json_schema", name: "answer", schema, strict: true } },
      instructions: "Be brief.",
    });
  });

  it("is put into words where the vendor only knows JSON, or not even that", () => {
    const system = expect.stringContaining(`Be brief.\n\nAnswer with JSON that fits this JSON Schema`) as string;
    expect(encoded("deepseek")).toMatchObject({
      response_format: { type: "json_object" },
      messages: [{ role: "system", content: system }, { role: "user" }],
    });
    const minimax = encoded("minimax");
    expect(minimax).toMatchObject({ messages: [{ role: "system", content: system }, { role: "user" }] });
    expect(minimax).not.toHaveProperty("response_format");
  });

  it.each(["openai", "anthropic", "gemini", "deepseek"])("without a schema asks %s for JSON in words", (vendor) => {
    const text = JSON.stringify(encoded(vendor, { prompt: "x", answer: { name: "answer" } }));
    expect(text).toContain("Answer with JSON and nothing else.");
  });
});
