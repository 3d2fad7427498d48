import { describe, expect, it } from "vitest";
import { parseChatRequest } from "./chat-request.ts";

const parse = (body: object) => parseChatRequest(JSON.stringify(body));
const messages = [
  { role: "system", content: "Be brief." },
  {
    role: "user",
    content: [
      { type: "text", text: "Name" },
      { type: "text", text: "a river" },
    ],
  },
];

describe("parseChatRequest", () => {
  it("reads what the simulator heeds", () => {
    expect(
      parse({ model: "m", messages, max_tokens: 5, n: 2, stream: true, stream_options: { include_usage: true } }),
    ).toEqual({
      model: "m",
      streamed: true,
      includeUsage: true,
      wantsJson: false,
      maxTokens: 5,
      choices: 2,
      prompt: "Name\na river",
      promptTokens: 3 + 4 + 3 + 4 + 3,
      digest: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
  });

  it("prefers max_completion_tokens, and takes null for unset", () => {
    expect(parse({ model: "m", messages, max_tokens: 5, max_completion_tokens: 7 })).toMatchObject({ maxTokens: 7 });
    expect(parse({ model: "m", messages, max_tokens: null })).toMatchObject({ maxTokens: undefined });
  });

  it("gives the same digest to the same messages only", () => {
    const first = parse({ model: "m", messages });
    expect(parse({ model: "other", temperature: 1, messages })).toMatchObject({
      digest: "digest" in first && first.digest,
    });
    expect(parse({ model: "m", messages: messages.slice(1) })).not.toMatchObject({
      digest: "digest" in first && first.digest,
    });
  });

  it.each([
    [{ messages }, "you must provide a model parameter", null],
    [{ model: "m" }, "Missing required parameter: 'messages'.", "missing_required_parameter"],
    [{ model: "m", messages: "hi" }, "Invalid type for 'messages'", "invalid_type"],
    [{ model: "m", messages: [] }, "Invalid type for 'messages'", "invalid_type"],
    [{ model: "m", messages: [null] }, "Invalid type for 'messages'", "invalid_type"],
    [{ model: "m", messages, max_tokens: 0 }, "Invalid 'max_tokens'", "invalid_value"],
    [{ model: "m", messages, n: 1.5 }, "Invalid 'n'", "invalid_value"],
  ])("refuses %j in the vendor's shape", (body, message, code) => {
    const refused = parse(body);
    expect(refused).toMatchObject({ status: 400 });
    expect("body" in refused && JSON.parse(refused.body)).toMatchObject({
      error: { message: expect.stringContaining(message), type: "invalid_request_error", code },
    });
  });

  it.each(["", "{", "[]", "null", '"text"'])("refuses a body that is not a JSON object: %j", (text) => {
    expect(parseChatRequest(text)).toMatchObject({ status: 400, body: expect.stringContaining("could not parse") });
  });
});
