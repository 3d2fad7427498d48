import { describe, expect, it } from "vitest";
import type { ChatInput } from "../../call/chat-input.ts";
import type { JsonObject } from "../../call/json.ts";
import { encodeMessages } from "./messages-request.ts";

const encoded = (input: ChatInput): JsonObject => encodeMessages(input, "m");

const call = (id: string, args: string) => ({ id, type: "function", function: { name: "f", arguments: args } });

describe("encodeMessages", () => {
  it("asks a prompt, with the bound that the API insists on", () => {
    expect(encoded({ prompt: "p" })).toEqual({
      model: "m",
      max_tokens: 4096,
      messages: [{ role: "user", content: "p" }],
    });
  });

  it("leaves the usual bound to the answer when there is a budget for thinking", () => {
    const thinking = { type: "enabled", budget_tokens: 10_000 };
    expect(encoded({ prompt: "p", params: { thinking } })).toMatchObject({ max_tokens: 14_096, thinking });
    expect(encoded({ prompt: "p", params: { thinking: { type: "adaptive" } } })).toMatchObject({ max_tokens: 4096 });
  });

  it("names fields as the API does, without those that it refuses", () => {
    const input = { prompt: "p", system: "s", temperature: 0, topP: 0.5, maxOutputTokens: 9, stop: "x", seed: 1 };
    expect(encoded(input)).toEqual({
      model: "m",
      max_tokens: 9,
      system: "s",
      messages: [{ role: "user", content: "p" }],
      stop_sequences: ["x"],
    });
    expect(encoded({ prompt: "p", stop: ["x", "y"] })["stop_sequences"]).toEqual(["x", "y"]);
  });

  it("lets the wire's own fields win, and sends them as they are", () => {
    const params = { temperature: 1, max_tokens: 5, stop_sequences: ["y"], system: [{ type: "text", text: "t" }] };
    expect(encoded({ prompt: "p", system: "s", maxOutputTokens: 9, stop: "x", params })).toMatchObject(params);
  });

  it("collects what the system says", () => {
    const block = { type: "text", text: "c", cache_control: { type: "ephemeral" } };
    const messages = [
      { role: "developer", content: "b" },
      { role: "user", content: "u" },
      { role: "system", content: "c" },
    ];
    expect(encoded({ system: "a", messages })).toMatchObject({ system: "a\n\nb\n\nc", messages: [messages[1]] });
    expect(encoded({ system: "a", messages: [{ role: "system", content: [block] }] })).toMatchObject({
      system: [{ type: "text", text: "a" }, block],
    });
  });

  it("puts the prompt last", () => {
    expect(
      encoded({ messages: [{ role: "assistant", content: "a", refusal: null, name: "n" }], prompt: "p" }),
    ).toMatchObject({
      messages: [
        { role: "assistant", content: "a" },
        { role: "user", content: "p" },
      ],
    });
  });

  it.each([
    [
      "an image",
      { type: "image_url", image_url: { url: "data:image/png;base64,AAA=", detail: "low" } },
      "image",
      "image/png",
    ],
    ["an image named directly", { type: "image_url", image_url: "data:image/gif;base64,AAA=" }, "image", "image/gif"],
    [
      "a file",
      { type: "file", file: { file_data: "data:application/pdf;base64,AAA=" } },
      "document",
      "application/pdf",
    ],
  ])("sends %s as a block", (_, part, type, mediaType) => {
    expect(encoded({ messages: [{ role: "user", content: [part] }] })["messages"]).toEqual([
      { role: "user", content: [{ type, source: { type: "base64", media_type: mediaType, data: "AAA=" } }] },
    ]);
  });

  it("sends the address of an image, and keeps a mark for the cache", () => {
    const mark = { cache_control: { type: "ephemeral" } };
    const image = { type: "image_url", image_url: { url: "https://x/a.png" }, ...mark };
    expect(encoded({ messages: [{ role: "user", content: [image] }] })["messages"]).toEqual([
      { role: "user", content: [{ type: "image", source: { type: "url", url: "https://x/a.png" }, ...mark }] },
    ]);
  });

  it("encodes a data URL that is only percent-encoded", () => {
    const image = { type: "image_url", image_url: { url: "data:image/svg+xml,%3Csvg%2F%3E" } };
    expect(encoded({ messages: [{ role: "user", content: [image] }] })["messages"]).toMatchObject([
      { content: [{ source: { media_type: "image/svg+xml", data: Buffer.from("<svg/>").toString("base64") } }] },
    ]);
  });

  it("passes on blocks that are Anthropic's own, and parts that it has no word for", () => {
    const content = [
      { type: "text", text: "t" },
      { type: "document", source: { type: "text", media_type: "text/plain", data: "d" } },
      { type: "tool_result", tool_use_id: "t1", content: "r", is_error: true },
      { type: "input_audio", input_audio: { data: "AAA=", format: "mp3" } },
    ];
    expect(encoded({ messages: [{ role: "user", content }] })["messages"]).toEqual([{ role: "user", content }]);
  });

  it("turns calls of tools, and results that stand together, into blocks", () => {
    const messages = [
      { role: "user", content: "u" },
      { role: "assistant", content: "a", tool_calls: [call("1", '{"x":1}'), call("2", ""), call("3", "[1]")] },
      { role: "tool", tool_call_id: "1", content: "r1" },
      { role: "tool", tool_call_id: "2", content: [{ type: "text", text: "r2" }] },
      { role: "assistant", content: null, tool_calls: [call("4", "no json")] },
      { role: "tool", tool_call_id: "4", content: "r4" },
    ];
    expect(encoded({ messages })["messages"]).toEqual([
      { role: "user", content: "u" },
      {
        role: "assistant",
        content: [
          { type: "text", text: "a" },
          { type: "tool_use", id: "1", name: "f", input: { x: 1 } },
          { type: "tool_use", id: "2", name: "f", input: {} },
          { type: "tool_use", id: "3", name: "f", input: { arguments: [1] } },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "1", content: "r1" },
          { type: "tool_result", tool_use_id: "2", content: [{ type: "text", text: "r2" }] },
        ],
      },
      { role: "assistant", content: [{ type: "tool_use", id: "4", name: "f", input: { arguments: "no json" } }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "4", content: "r4" }] },
    ]);
  });

  it("says what was refused before as text", () => {
    const messages = [{ role: "assistant", content: [{ type: "refusal", refusal: "no" }] }];
    expect(encoded({ messages })["messages"]).toEqual([{ role: "assistant", content: [{ type: "text", text: "no" }] }]);
  });
});
