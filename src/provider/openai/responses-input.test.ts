import { describe, expect, it } from "vitest";
import { encodeResponses } from "./responses-input.ts";

const items = (...messages: readonly object[]): unknown => encodeResponses({ messages }, "m")["input"];

describe("encodeResponses", () => {
  it("makes instructions of the system message, and names fields as the API does", () => {
    const input = { system: "be brief", prompt: "hi", temperature: 0, topP: 0.5, maxOutputTokens: 9 };
    expect(encodeResponses(input, "m")).toEqual({
      model: "m",
      instructions: "be brief",
      input: [{ role: "user", content: "hi" }],
      temperature: 0,
      top_p: 0.5,
      max_output_tokens: 9,
    });
  });

  it("drops nothing that the API may refuse, and lets the wire's own fields win", () => {
    const params = { temperature: 1, reasoning: { effort: "low" } };
    const body = encodeResponses({ prompt: "p", temperature: 0, stop: ["x"], seed: 1, params }, "m");
    expect(body).toMatchObject({ stop: ["x"], seed: 1, ...params });
  });

  it("keeps messages with text, whatever their role", () => {
    const messages = ["developer", "system", "user", "assistant"].map((role) => ({ role, content: role }));
    expect(items(...messages)).toEqual(messages);
  });

  it("turns parts into those of the API", () => {
    const content = [
      { type: "text", text: "what is this?" },
      { type: "image_url", image_url: { url: "https://x/a.png", detail: "low" } },
      { type: "image_url", image_url: { url: "data:image/png;base64,AA" } },
      { type: "file", file: { file_id: "f1" } },
      { type: "input_text", text: "already" },
    ];
    expect(items({ role: "user", content }, { role: "assistant", content: [{ type: "text", text: "a cat" }] })).toEqual(
      [
        {
          role: "user",
          content: [
            { type: "input_text", text: "what is this?" },
            { type: "input_image", image_url: "https://x/a.png", detail: "low" },
            { type: "input_image", image_url: "data:image/png;base64,AA", detail: "auto" },
            { type: "input_file", file_id: "f1" },
            { type: "input_text", text: "already" },
          ],
        },
        { role: "assistant", content: [{ type: "output_text", text: "a cat", annotations: [] }] },
      ],
    );
  });

  it("turns calls of tools and what came of them into items", () => {
    const asked = {
      role: "assistant",
      content: null,
      tool_calls: [
        { id: "a", type: "function", function: { name: "f", arguments: '{"x":1}' } },
        { id: "b", type: "custom", custom: { name: "sql", input: "select 1" } },
      ],
    };
    const came = { role: "tool", tool_call_id: "a", content: "2" };
    expect(items(asked, came, { ...came, tool_call_id: "b", content: [{ type: "text", text: "1" }] })).toEqual([
      { type: "function_call", call_id: "a", name: "f", arguments: '{"x":1}' },
      { type: "custom_tool_call", call_id: "b", name: "sql", input: "select 1" },
      { type: "function_call_output", call_id: "a", output: "2" },
      { type: "function_call_output", call_id: "b", output: [{ type: "input_text", text: "1" }] },
    ]);
  });

  it("keeps what an assistant said beside its calls, and what it refused", () => {
    const call = { id: "a", type: "function", function: { name: "f", arguments: "{}" } };
    expect(items({ role: "assistant", content: "wait", tool_calls: [call] })).toMatchObject([
      { role: "assistant", content: "wait" },
      { type: "function_call" },
    ]);
    expect(items({ role: "assistant", content: null, refusal: "no" })).toEqual([
      { role: "assistant", content: [{ type: "refusal", refusal: "no" }] },
    ]);
  });

  it("passes the API's own items through", () => {
    const own = [
      { type: "reasoning", id: "rs_1", summary: [] },
      { type: "message", role: "user", content: [{ type: "text", text: "as it is" }] },
      { type: "item_reference", id: "msg_1" },
    ];
    expect(items(...own)).toEqual(own);
  });
});
