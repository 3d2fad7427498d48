import { describe, expect, it } from "vitest";
import type { ChatInput } from "../../call/chat-input.ts";
import type { JsonObject } from "../../call/json.ts";
import { encodeGenerate } from "./generate-request.ts";

const encoded = (input: ChatInput): JsonObject => encodeGenerate(input, "m");

const partsOf = (part: JsonObject): unknown =>
  (encoded({ messages: [{ role: "user", content: [part] }] })["contents"] as readonly JsonObject[])[0]?.["parts"];

const call = (id: string, args: string, rest: JsonObject = {}) => ({
  id,
  type: "function",
  function: { name: `f${id}`, arguments: args },
  ...rest,
});

describe("encodeGenerate", () => {
  it("asks a prompt", () => {
    expect(encoded({ prompt: "p" })).toEqual({ model: "m", contents: [{ role: "user", parts: [{ text: "p" }] }] });
  });

  it("names fields as the API does", () => {
    const input = { prompt: "p", temperature: 0, topP: 0.5, maxOutputTokens: 9, stop: "x", seed: 1 };
    expect(encoded(input)["generationConfig"]).toEqual({
      temperature: 0,
      topP: 0.5,
      maxOutputTokens: 9,
      stopSequences: ["x"],
      seed: 1,
    });
  });

  it("adds the wire's own fields, which win", () => {
    const thinkingConfig = { thinkingBudget: 0 };
    const params = { generationConfig: { temperature: 1, thinkingConfig }, safetySettings: [] };
    expect(encoded({ prompt: "p", temperature: 0, maxOutputTokens: 9, params })).toMatchObject({
      generationConfig: { temperature: 1, maxOutputTokens: 9, thinkingConfig },
      safetySettings: [],
    });
    expect(encoded({ prompt: "p", params: { contents: [] } })["contents"]).toEqual([]);
  });

  it("collects what the system says", () => {
    const messages = [
      { role: "developer", content: "b" },
      { role: "user", content: "u" },
      { role: "system", content: [{ type: "text", text: "c" }] },
    ];
    expect(encoded({ system: "a", messages })).toEqual({
      model: "m",
      systemInstruction: { parts: [{ text: "a" }, { text: "b" }, { text: "c" }] },
      contents: [{ role: "user", parts: [{ text: "u" }] }],
    });
  });

  it("calls the assistant the model, and leaves messages in the API's own words alone", () => {
    const own = { role: "model", parts: [{ text: "b", thoughtSignature: "s" }] };
    expect(encoded({ messages: [{ role: "assistant", content: "a" }, own], prompt: "p" })["contents"]).toEqual([
      { role: "model", parts: [{ text: "a" }] },
      own,
      { role: "user", parts: [{ text: "p" }] },
    ]);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ["a text", { type: "text", text: "t" }, { text: "t" }],
    ["a refusal", { type: "refusal", refusal: "no" }, { text: "no" }],
    [
      "an image",
      { type: "image_url", image_url: { url: "data:image/png;base64,AAA=" } },
      { inlineData: { mimeType: "image/png", data: "AAA=" } },
    ],
    [
      "the address of an image",
      { type: "image_url", image_url: { url: "https://x/a.JPG?s=1" } },
      { fileData: { mimeType: "image/jpeg", fileUri: "https://x/a.JPG?s=1" } },
    ],
    [
      "an address that does not say what is there",
      { type: "image_url", image_url: { url: "https://x/files/abc" } },
      { fileData: { fileUri: "https://x/files/abc" } },
    ],
    [
      "a sound",
      { type: "input_audio", input_audio: { data: "AAA=", format: "mp3" } },
      { inlineData: { mimeType: "audio/mp3", data: "AAA=" } },
    ],
    [
      "a file",
      { type: "file", file: { file_data: "data:application/pdf;base64,AAA=" } },
      { inlineData: { mimeType: "application/pdf", data: "AAA=" } },
    ],
    ["a part of the API's own", { executableCode: { code: "1" } }, { executableCode: { code: "1" } }],
  ])("sends %s as a part", (_, part, expected) => {
    expect(partsOf(part)).toEqual([expected]);
  });

  it("turns calls of tools, and results that stand together, into parts", () => {
    const signed = { extra_content: { google: { thought_signature: "s" } } };
    const messages = [
      {
        role: "assistant",
        content: null,
        tool_calls: [call("1", '{"x":1}', signed), call("2", ""), call("3", "oops")],
      },
      { role: "tool", tool_call_id: "1", content: '{"y":2}' },
      { role: "tool", tool_call_id: "2", content: "plain" },
      { role: "tool", tool_call_id: "9", name: "g", content: [{ type: "text", text: "a" }] },
    ];
    expect(encoded({ messages })["contents"]).toEqual([
      {
        role: "model",
        parts: [
          { functionCall: { id: "1", name: "f1", args: { x: 1 } }, thoughtSignature: "s" },
          { functionCall: { id: "2", name: "f2", args: {} } },
          { functionCall: { id: "3", name: "f3", args: { value: "oops" } } },
        ],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { id: "1", name: "f1", response: { y: 2 } } },
          { functionResponse: { id: "2", name: "f2", response: { result: "plain" } } },
          { functionResponse: { id: "9", name: "g", response: { result: "a" } } },
        ],
      },
    ]);
  });
});
