import { describe, expect, it } from "vitest";
import { attachmentTokens, contentTokens, structureTokens } from "./content-tokens.ts";

const letters = (text: string): number => text.length;

describe("contentTokens", () => {
  it("counts a text, and the texts of parts at any depth", () => {
    expect(contentTokens("abc", letters)).toBe(3);
    expect(contentTokens([{ type: "text", text: "abc" }, "de", { type: "refusal", refusal: "f" }], letters)).toBe(6);
    const result = { type: "tool_result", content: [{ type: "text", text: "abcd" }] };
    expect(contentTokens([result, { ...result, content: "ab" }], letters)).toBe(6);
  });

  it("takes an image for what it is, not for its bytes", () => {
    const url = `data:image/png;base64,${"A".repeat(400_000)}`;
    const image = (detail: string) => [{ type: "image_url", image_url: { url, detail } }];
    expect(contentTokens(image("auto"), letters)).toBe(attachmentTokens);
    expect(contentTokens(image("low"), letters)).toBe(85);
    expect(contentTokens([{ type: "input_image", image_url: url, detail: "low" }], letters)).toBe(85);
    expect(contentTokens([{ type: "input_audio", input_audio: { data: "A" } }], letters)).toBe(attachmentTokens);
  });

  it("finds nothing in what is no content", () => {
    for (const content of [undefined, null, 3, {}, [null, 3]]) expect(contentTokens(content, letters)).toBe(0);
  });
});

describe("structureTokens", () => {
  it("counts the JSON of what is there", () => {
    expect(structureTokens({ a: [1] }, letters)).toBe('{"a":[1]}'.length);
    expect(structureTokens(undefined, letters)).toBe(0);
    expect(structureTokens(null, letters)).toBe(0);
  });
});
